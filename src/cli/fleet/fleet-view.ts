import type { Display } from "./display.ts";
import type { FleetState } from "./live-view.ts";

/** A display that is kept up to date. */
export interface FleetView {
  /** `closed` where the reader went away. */
  state(): "done" | "closed";
  /** Shows no more, and leaves the terminal as it was found. Rejects with what kept it from showing. */
  close(): Promise<void>;
}

/** Shows a state at the display's interval. A slow reader gets fewer states, not a queue of them. */
export function startView(display: Display, current: () => Promise<FleetState>): FleetView {
  let state: "done" | "closed" = "done";
  let failure: { readonly error: unknown } | undefined;
  let showing: Promise<void> | undefined;
  const show = async (): Promise<void> => {
    try {
      if ((await display.show(await current())) === "closed") state = "closed";
    } catch (error) {
      failure ??= { error };
      state = "closed";
    }
  };
  const timer = setInterval(() => {
    showing ??= show().finally(() => (showing = undefined));
  }, display.intervalMs);
  return {
    state: () => state,
    close: async () => {
      clearInterval(timer);
      await showing;
      display.end();
      if (failure !== undefined) throw failure.error;
    },
  };
}
