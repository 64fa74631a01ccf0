/** A stream of pseudo-random numbers; the same seed gives the same stream on every machine. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded), in steps of 2^-32. */
  next(): number;
  /** A number from `low` (included) to `high` (excluded). */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** About normally distributed around 0 with the given standard deviation; never beyond three of them. */
  deviation(sigma: number): number;
}

/**
 * The generator sfc32 (Small Fast Counting) by Chris Doty-Humphrey, with the seeding of his test suite PractRand: 64
 * bits of seed, a counter that starts at 1, and 12 rounds thrown away. 32-bit integer arithmetic alone, so that no
 * engine's rounding can change the stream.
 *
 * @param seed a safe integer; another seed gives an unrelated stream
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`the seed ${seed} is not a safe integer`);
  let a = 0;
  let b = seed | 0;
  let c = Math.floor(seed / 2 ** 32) | 0;
  let counter = 1;

  function next(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }
  for (let round = 0; round < 12; round++) next();

  return {
    next,
    between: (low, high) => low + next() * (high - low),
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    // Each of four uniform numbers has a variance of 1/12, their sum of 1/3; it lies within 2·√3 = 3.46 deviations.
    deviation: (sigma) => clamp((next() + next() + next() + next() - 2) * Math.sqrt(3), -3, 3) * sigma,
  };
}

/** The value, or the bound that it goes beyond. */
export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
