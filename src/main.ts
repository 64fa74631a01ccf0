#!/usr/bin/env -S node --no-node-snapshot
/** The first release of Node whose type stripping and module loading Millrace is written for. */
const required = { major: 24, minor: 12 };

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < required.major || (major === required.major && minor < required.minor)) {
  process.stderr.write(
    `millrace: needs Node.js ${required.major}.${required.minor} or newer and this is ${process.versions.node}; ` +
      `install a newer one, or start it with "npx millrace", which brings its own\n`,
  );
  process.exitCode = 2;
} else {
  // What nobody caught is a fault of ours; executors notice that this process is gone and end too.
  process.on("uncaughtException", (error) => {
    process.stderr.write(`millrace: internal error: ${error.stack ?? error.message}; please report it\n`);
    process.exit(3);
  });
  // Loaded only now: an older Node would fail on the syntax before it could say a word.
  const [{ processHost }, { runProgram }] = await Promise.all([
    import("./cli/host.ts"),
    import("./cli/program.ts"),
  ]);
  process.exitCode = await runProgram(processHost(), process.argv.slice(2));
}
