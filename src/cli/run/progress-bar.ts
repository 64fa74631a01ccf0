import cliProgress from "cli-progress";

/** Progress on a terminal. */
export interface ProgressBar {
  addBytes(bytes: number): void;
  addEvents(events: number): void;
  /** Takes the bar away for good; idempotent. */
  stop(): void;
}

/** How often the bar is drawn, a second. */
const framesPerSecond = 10;

/**
 * Draws on the standard error how far an input has been read and how many events came out. Where the input has no
 * known end it shows counts without a bar.
 */
export function startProgressBar(totalBytes: number | undefined): ProgressBar {
  const counts = "{events} events, {rate} events/s";
  const format = totalBytes === undefined ? counts : `{bar} {percentage} %  ${counts}, {eta_formatted} left`;
  const bar = new cliProgress.SingleBar({
    format,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    fps: framesPerSecond,
    etaBuffer: 50,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    // Ctrl-C is the verb's to handle.
    gracefulExit: false,
    stream: process.stderr,
  });
  const startMs = performance.now();
  let events = 0;
  let isStopped = false;
  const payload = (): { events: number; rate: number } => {
    const seconds = (performance.now() - startMs) / 1000;
    return { events, rate: seconds < 0.1 ? 0 : Math.round(events / seconds) };
  };
  bar.start(totalBytes ?? 0, 0, payload());
  return {
    addBytes: (bytes) => {
      if (!isStopped) bar.increment(bytes, payload());
    },
    addEvents: (count) => {
      events += count;
      if (!isStopped) bar.update(payload());
    },
    stop: () => {
      if (isStopped) return;
      isStopped = true;
      bar.stop();
    },
  };
}
