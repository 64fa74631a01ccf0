import { Command, CommanderError } from "@commander-js/extra-typings";
import packageFile from "../../package.json" with { type: "json" };
import { MillraceError } from "../model/error.ts";
import { checkCommand } from "./check.ts";
import { configCommand } from "./config.ts";
import { devCommand } from "./dev.ts";
import { exitCodeOf, exitCodes, type ExitCode } from "./exit-code.ts";
import { initCommand } from "./init.ts";
import type { Finish, Host } from "./host.ts";
import { printableLine } from "./printable.ts";
import { produceCommand } from "./produce.ts";
import { runCommand } from "./run.ts";
import { tailCommand } from "./tail.ts";
import { serveCommand } from "./serve.ts";
import { testCommand } from "./test.ts";

/**
 * Runs one command line and gives the exit code. Every error ends here as one line on the standard error; `argv` has
 * no program name in it.
 */
export async function runProgram(host: Host, argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const program = createProgram(host, (finished) => {
    code = finished;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    // A reader that went away wants no more, and no bad news either.
    return (await host.stdout.flush()) === "closed" ? exitCodes.done : code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    host.say(host.colors.red(`millrace: ${printableLine(errorLine(error))}`));
    return exitCodeOf(error);
  }
}

/** What stands below the list of commands. */
const firstSteps = `
First steps:
  millrace init my-catalog   a catalog of your own
  millrace test my-catalog   its cases
  millrace dev my-catalog    the stream processor; it takes events over HTTP
  millrace dev --fleet       three orgs' simulated devices, until Ctrl-C`;

function createProgram(host: Host, finish: Finish): Command {
  const program = new Command("millrace")
    .description("Runs each tenant's own JavaScript over raw device events.")
    .version(packageFile.version)
    .helpCommand(true)
    .addHelpText("after", firstSteps);
  program.addCommand(initCommand(host, finish));
  program.addCommand(runCommand(host, finish));
  program.addCommand(testCommand(host, finish));
  program.addCommand(checkCommand(host, finish));
  program.addCommand(produceCommand(host, finish));
  program.addCommand(tailCommand(host, finish));
  program.addCommand(configCommand(host, finish));
  program.addCommand(devCommand(host, finish));
  program.addCommand(serveCommand(host, finish));
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showSuggestionAfterError()
      .configureOutput({
        // Help is data when it is asked for; commander writes it with a call that knows no back-pressure.
        writeOut: (text) => void host.stdout.write(text).catch(() => undefined),
        writeErr: (text) => host.say(text.trimEnd()),
        outputError: (text, write) => write(`millrace: ${usageLine(text)}`),
      });
  }
  return program;
}

/** Commander's own words, on one line and without its prefix. */
function usageLine(text: string): string {
  return text
    .replace(/^error: /, "")
    .trim()
    .replaceAll(/\s*\n\s*/g, " ");
}

/** One line for any error. A fault of our own also gets the stack's first frame, which is what a report needs. */
function errorLine(error: unknown): string {
  if (error instanceof MillraceError && error.code !== "INTERNAL") return error.message;
  if (!(error instanceof Error)) return `internal error: ${String(error)}`;
  const frame = error.stack
    ?.split("\n")
    .find((line) => line.trim().startsWith("at "))
    ?.trim();
  return `internal error: ${error.message}${frame === undefined ? "" : ` (${frame})`}; please report it`;
}
