import { defineBuiltIn, imul, stringCharCodeAt } from "./primordials.ts";

/** The source of `Math.random()` in a realm. */
export interface Random {
  /** The next number drawn is the first of the sequence that belongs to this text. */
  seed(text: string): void;
}

const fnvPrime = 0x01000193;
/** 2 to the power of -53: the distance between neighbouring results. */
const ulp = 1.1102230246251565e-16;

/** FNV-1a over the UTF-16 code units, from a given basis, with a final mix so that short texts spread as well. */
function hash(text: string, basis: number): number {
  let h = basis;
  for (let i = 0; i < text.length; i++) h = imul(h ^ stringCharCodeAt(text, i), fnvPrime);
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * Makes `Math.random()` a function of the seed and of how often it was called: xoshiro128** (Blackman and Vigna, 2018),
 * whose four words are FNV-1a hashes of the seed text from the bases 0x811c9dc5, 0x811c9dc6, 0x811c9dc7 and 0x811c9dc8,
 * each finished as MurmurHash3 does. A result takes 26 bits of one draw and 27 of the next. Not for secrets.
 * The seed is hashed at the first call; an event that draws nothing pays nothing.
 */
export function installRandom(): Random {
  let text = "";
  let seeded = false;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;

  function sow(): void {
    a = hash(text, 0x811c9dc5);
    b = hash(text, 0x811c9dc6);
    c = hash(text, 0x811c9dc7);
    // The one state that never changes is all zeros.
    d = hash(text, 0x811c9dc8) | ((a | b | c) === 0 ? 1 : 0);
    seeded = true;
  }

  function draw(): number {
    const x = imul(b, 5);
    const result = imul((x << 7) | (x >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  const methods = {
    random(): number {
      if (!seeded) sow();
      const high = draw() >>> 6;
      return (high * 0x8000000 + (draw() >>> 5)) * ulp;
    },
  };
  defineBuiltIn(Math, "random", methods.random);
  return {
    seed(to) {
      text = to;
      seeded = false;
    },
  };
}
