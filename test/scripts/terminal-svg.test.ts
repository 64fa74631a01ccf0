import { expect, test } from "vitest";
import { terminalSvg } from "../../scripts/terminal-svg.ts";

const options = { columns: 20, caption: "a < b", title: "A & B" };

test("text is escaped, in its colour and at its column", () => {
  const svg = terminalSvg([[{ column: 5, text: "<&>", colour: "red", weight: "bold" }]], options);
  expect(svg).toContain('<text class="red bold" x="58" y="62" textLength="25.2">&lt;&amp;&gt;</text>');
  expect(svg).toContain("a &lt; b");
  expect(svg).toContain(">A &amp; B</title>");
});

test("blocks are drawn and not written: a bar by its width, a column by its height", () => {
  const svg = terminalSvg([[{ column: 0, text: "█▌▄", colour: "cyan", weight: "normal" }]], options);
  const [, path = ""] = /<path class="cyan" d="([^"]*)"/.exec(svg) ?? [];
  expect(path.match(/h[\d.]+v-[\d.]+/g)).toEqual(["h8.4v-15", "h4.2v-15", "h8.4v-7.5"]);
  expect(svg).not.toMatch(/[█▌▄]/);
});

test("the picture is as high as its rows", () => {
  const heightOf = (rows: number): number =>
    Number(/ height="(\d+)"/.exec(terminalSvg(Array(rows).fill([]), options))?.[1]);
  expect(heightOf(11) - heightOf(10)).toBe(18);
});
