#!/usr/bin/env node
// The launcher: plain JavaScript that any Node from 14 on can run, for src/ is TypeScript that only a new Node can.
// It finds a Node that is new enough (the one that runs it, else the one that npm installed beside Millrace) and
// hands everything over to it: arguments, standard streams, signals, exit code.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const required = { major: 24, minor: 12 };
const entry = join(dirname(fileURLToPath(import.meta.url)), "..", "src", "main.ts");

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > required.major || (major === required.major && minor >= required.minor);
}

/** The path of a Node that is new enough, or null where there is none. */
function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  try {
    const require = createRequire(import.meta.url);
    const { version } = require("node/package.json");
    return isNewEnough(version) ? require.resolve("node/bin/node") : null;
  } catch {
    return null;
  }
}

const node = findNode();
if (node === null) {
  process.stderr.write(
    `millrace: needs Node.js ${required.major}.${required.minor} or newer and this is ${process.versions.node}; ` +
      `install a newer one, or run "npm ci" in Millrace's folder, which brings its own\n`,
  );
  process.exitCode = 2;
} else {
  // isolated-vm needs the flag, and a Node takes it only as it starts.
  const child = spawn(node, ["--no-node-snapshot", entry, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends Ctrl-C to both processes; the child drains and this one waits for it. A signal that was sent
  // to this process alone is passed on, and the child takes two that come at once for one.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`millrace: cannot start ${node}: ${error.message}\n`);
    process.exitCode = 3;
  });
  child.on("exit", (code, signal) => {
    // 128 plus the signal's number is what a shell would report.
    process.exitCode =
      code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : signal === "SIGKILL" ? 137 : 3);
  });
}
