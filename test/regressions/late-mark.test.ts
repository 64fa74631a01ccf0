import { PassThrough, Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createMarkReader } from "../../src/sandbox/mark-reader.ts";

/** A lifeline whose other end answers when the test says so. */
function lifeline(): {
  readonly own: Duplex;
  readonly questions: number[];
  readonly answer: (...words: number[]) => void;
} {
  const [to, from] = [new PassThrough(), new PassThrough()];
  const questions: number[] = [];
  to.on("data", (bytes: Buffer) => questions.push(...bytes));
  const answer = (...words: number[]): void => void from.write(Buffer.from(Int32Array.from(words).buffer));
  return { own: Duplex.from({ readable: from, writable: to }), questions, answer };
}

test("an answer that came too late is not taken for that of the next question", async () => {
  const { own, questions, answer } = lifeline();
  const readMark = createMarkReader(own);
  expect(await readMark()).toBeUndefined();
  answer(1, 2, questions[0] ?? -1);
  await delay(20);
  const second = readMark();
  await delay(20);
  answer(3, 4, questions[1] ?? -1);
  expect(await second).toEqual({ event: 3, stage: 4 });
  answer(5, 6, questions[1] ?? -1);
  const third = readMark();
  expect(await third).toBeUndefined();
});
