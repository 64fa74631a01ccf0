import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { MillraceError } from "../model/error.ts";

const guestEntry = fileURLToPath(new URL("../sandbox/guest/entry.ts", import.meta.url));

const bundles = new Map<string, Promise<string>>();

/**
 * The guest as one script, ready to be compiled in an isolate. It is made once in a process. Names are kept, so that
 * an engine's message about the guest can be read.
 *
 * Throws `INTERNAL` where the guest does not bundle. `entry` is the file that the bundle starts from.
 */
export function guestBundle(entry: string = guestEntry): Promise<string> {
  let bundle = bundles.get(entry);
  if (bundle === undefined) {
    bundle = bundleGuest(entry);
    bundles.set(entry, bundle);
  }
  return bundle;
}

async function bundleGuest(entry: string): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: "iife",
      // Through a sloppy function's `caller` a script would get at the guest's own functions.
      banner: { js: '"use strict";' },
      // No module of Node.js may get in; an import of one fails here and not in an isolate.
      platform: "neutral",
      mainFields: ["main"],
      target: "es2024",
      minify: false,
      treeShaking: true,
      charset: "utf8",
      logLevel: "silent",
      tsconfigRaw: {},
      // The package, not the module of Node.js that has the same name; its folder, for it may be asked for a file in it.
      alias: { buffer: dirname(fileURLToPath(import.meta.resolve("buffer/index.js"))) },
    });
    const text = outputFiles[0]?.text;
    if (text === undefined) throw new Error("no output");
    return text;
  } catch (cause) {
    const reason =
      cause instanceof Error
        ? (cause.message.split("\n").find((line) => line.includes("ERROR")) ?? cause.message)
        : String(cause);
    throw new MillraceError("INTERNAL", `the guest does not bundle: ${reason.replaceAll("\n", " ")}`, {
      cause,
    });
  }
}
