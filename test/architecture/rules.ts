/** What one folder of `src/` holds and what it may import besides itself. */
export interface FolderRule {
  /** Relative to `src/`; a row for a subfolder goes before that of its parent. */
  readonly folder: string;
  readonly holds: string;
  /**
   * A folder: anything in it. A file of `src/`: its types only, for that is what a port is. A name that ends with `/`
   * or `.json`: data beside `src/`.
   */
  readonly imports: readonly string[];
  /** Whether the folder may import Node's own modules; without them it does no input or output. */
  readonly node: "yes" | "no";
}

/** Who may import whom. `src/main.ts` is the row `main.ts`. */
export const folderRules: readonly FolderRule[] = [
  { folder: "main.ts", holds: "the entry", imports: ["cli"], node: "yes" },
  {
    folder: "cli",
    holds: "one file per verb, and what a terminal shows",
    imports: [
      "app",
      "catalog",
      "config",
      "fleet",
      "intake",
      "model",
      "script",
      "pipeline/outcome.ts",
      "stream/port.ts",
      "schemas/",
      "package.json",
    ],
    node: "yes",
  },
  {
    folder: "app",
    holds: "the only place that wires parts together",
    imports: [
      "catalog",
      "config",
      "http",
      "intake",
      "lane",
      "model",
      "outlet",
      "pipeline",
      "sandbox",
      "sandbox/executor",
      "script",
      "stream",
      "stream/embedded",
      "schemas/",
      "package.json",
    ],
    node: "yes",
  },
  {
    folder: "config",
    holds: "settings: read, checked against the schema, layered, frozen",
    imports: ["model", "schemas/"],
    node: "yes",
  },
  {
    folder: "model",
    holds: "the words as types, the table of error codes, the checks that the schemas give",
    imports: ["schemas/"],
    node: "no",
  },
  {
    folder: "lane",
    holds: "one partition after the other on its way through: fetch, run, commit, in order",
    imports: ["model", "stream/port.ts"],
    node: "yes",
  },
  {
    folder: "http",
    holds: "the HTTP server: who may ask, events into the log, health",
    imports: ["intake", "model", "stream/port.ts"],
    node: "yes",
  },
  {
    folder: "intake",
    holds: "a record or line becomes a raw event and finds its asset and template",
    imports: ["model", "pipeline/port.ts", "sandbox/port.ts"],
    node: "yes",
  },
  {
    folder: "stream/embedded",
    holds: "the log in one SQLite file, for one machine",
    imports: ["model", "stream"],
    node: "yes",
  },
  {
    folder: "stream",
    holds: "the log port, and what every adapter counts alike: partitions of keys, sizes of records",
    imports: ["model"],
    node: "yes",
  },
  {
    folder: "pipeline",
    holds: "groups of events go through the sandbox and come back as outcomes, in order",
    imports: ["model", "outlet", "sandbox/port.ts"],
    node: "yes",
  },
  {
    folder: "sandbox/guest",
    holds: "what runs inside an isolate",
    imports: [],
    node: "no",
  },
  {
    folder: "sandbox/executor",
    holds: "the process that holds isolates and runs crossings",
    imports: ["model", "outlet", "sandbox", "sandbox/guest"],
    node: "yes",
  },
  {
    folder: "sandbox",
    holds: "the engine port, the pool of executors, the watchdog, the wire protocol",
    imports: ["model", "outlet"],
    node: "yes",
  },
  {
    folder: "outlet",
    holds: "results become standard events and rejections, and records of the log",
    imports: ["model"],
    node: "yes",
  },
  {
    folder: "script",
    holds: "an author's source becomes something runnable: parsed, checked, bundled, mapped back",
    imports: ["model", "sandbox/port.ts"],
    node: "yes",
  },
  {
    folder: "catalog",
    holds: "templates, assets and org settings, read from a directory",
    imports: ["model", "outlet", "script", "intake/resolve.ts", "sandbox/port.ts"],
    node: "yes",
  },
  {
    folder: "fleet",
    holds: "the simulated devices that send what the examples' templates read",
    imports: ["model", "examples/"],
    node: "yes",
  },
];

/** The one folder that may import each third-party package. */
export const packageRules: Readonly<Record<string, string>> = {
  "@commander-js/extra-typings": "cli",
  "@jridgewell/trace-mapping": "script",
  acorn: "script",
  "acorn-walk": "script",
  ajv: "model",
  buffer: "sandbox/guest",
  chokidar: "catalog",
  "cli-progress": "cli",
  esbuild: "script",
  "eslint-scope": "script",
  "fastest-levenshtein": "model",
  fastify: "http",
  "isolated-vm": "sandbox/executor",
  "jest-diff": "cli",
  "jsonc-parser": "catalog",
  "log-update": "cli",
  "lru-cache": "sandbox",
  picocolors: "cli",
  "string-width": "script",
  yaml: "config",
};

/** Names that say nothing of what a file holds, as a whole name or as a part of one. */
export const emptyNames: readonly string[] = [
  "util",
  "utils",
  "helper",
  "helpers",
  "common",
  "manager",
  "misc",
];

/** Lines a file may have; a generated file is exempt. What is longer holds more than one thing. */
export const longestFileLines = 300;

/**
 * Lines of code a function may have: blank ones, comments and those of functions inside it do not count, so that a
 * factory is as long as what it does itself.
 */
export const longestFunctionLines = 40;

/** Folders that may stand between `src/` and a file. */
export const deepestFolders = 2;
