/** `1,234,567`: the same on every machine. */
export function grouped(count: number): string {
  return Math.round(count)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** `0.12 ms`, `3.4 ms`, `250 ms`, `1.3 s`. */
export function duration(durationMs: number): string {
  if (durationMs >= 1000) return `${(durationMs / 1000).toFixed(1)} s`;
  const digits = durationMs >= 100 ? 0 : durationMs >= 1 ? 1 : 2;
  return `${durationMs.toFixed(digits)} ms`;
}

/** `4.7 %`; of nothing it is 0. */
export function share(part: number, whole: number): string {
  return `${(whole === 0 ? 0 : (100 * part) / whole).toFixed(1)} %`;
}

/** `1:05`, minutes and seconds. */
export function clock(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A bar of a part of `width` characters, to an eighth of one. */
export function bar(part: number, whole: number, width: number): string {
  const eighths = Math.round((whole === 0 ? 0 : part / whole) * width * 8);
  const full = "█".repeat(Math.floor(eighths / 8));
  return full + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
}

/** A line of columns as high as the values, the highest of which fills a row. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values, 1);
  return values.map((value) => "▁▂▃▄▅▆▇█"[Math.min(7, Math.floor((value / highest) * 8))] ?? "").join("");
}
