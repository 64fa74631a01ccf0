import { runInThisContext } from "node:vm";

/** What Node itself makes of the same source, as it would look after a passage through JSON. */
export function inNode(source: string): unknown {
  const text: string | undefined = JSON.stringify(
    (runInThisContext(`(function(){${source}\n})`) as () => unknown)(),
  );
  return text === undefined ? null : JSON.parse(text);
}

/** Whether Node throws, and an error of which class. */
export function thrownInNode(source: string): string | undefined {
  try {
    inNode(source);
    return undefined;
  } catch (error) {
    return (error as Error).constructor.name;
  }
}
