import type { StageTexts } from "../sandbox/small-template.ts";

/** What a script can do that no isolate contains by itself, as the body of a function. */
export const bombs = {
  /** Stops at the isolate's own timeout. */
  loop: "for (;;);",
  /** A built-in that V8 does not interrupt: only the end of the process stops it. */
  overrun: "const a = []; a.length = 2 ** 32 - 1; a.indexOf(1);",
  /** The isolate's heap, by small objects. */
  objects: "const all = []; for (;;) all.push({ n: all.length });",
  /** A Map that grows; at its limit V8 ends the process. */
  map: "const map = new Map(); for (let i = 0; ; i += 1) map.set(i, i);",
  /** One allocation that V8 ends the process for. */
  split: '"a".repeat(2 ** 28).split("");',
} as const;
export type Bomb = keyof typeof bombs;

/** What an event's payload says: nothing, or which bomb goes off at which stage. */
export interface BombPayload {
  readonly n: number;
  readonly bomb?: Bomb;
  readonly at?: "decode" | "validate" | "transform" | "output";
}

const explode = `function explode(p, at) {
  if (p.at !== at) return;
  switch (p.bomb) { ${Object.entries(bombs)
    .map(([bomb, body]) => `case "${bomb}": { ${body} } break;`)
    .join("\n")} }
}`;

/** Three stages in each of which a bomb can go off, and whose good events show all that could differ. */
export const bombTemplate: StageTexts = {
  decode: `${explode}
    function decode(p) { console.log("decode", p.n); explode(p, "decode"); return p; }`,
  validate: `${explode}
    function validate(p) { explode(p, "validate"); if (p.n % 10 === 7) throw new RangeError("seven"); return true; }`,
  transform: `${explode}
    function transform(p, metadata) {
      explode(p, "transform");
      if (p.n % 10 === 8) return [];
      const data = { n: p.n, random: Math.random(), left: typeof left, now: new Date().toISOString() };
      left = 1;
      return { eventType: "seen", data: { ...data, toJSON() { explode(p, "output"); return data; } } };
    }`,
};
