import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { MillraceError } from "../model/error.ts";
import { exitCodes } from "./exit-code.ts";
import type { Finish, Host } from "./host.ts";
import { starter, starterFiles } from "./starter-catalog.ts";

/** `init DIR`: a first catalog that passes its own cases. */
export function initCommand(host: Host, finish: Finish) {
  return new Command("init")
    .description("make a catalog with an org, a template, an asset and cases that pass")
    .argument("<dir>", "a directory that is empty or does not exist")
    .action(async (dir) => {
      const target = resolve(host.workingDir, dir);
      await refuseContents(target, dir);
      await writeFiles(target);
      await host.stdout.write(nextSteps(dir, host));
      finish(exitCodes.done);
    });
}

async function refuseContents(target: string, dir: string): Promise<void> {
  let entries: readonly string[];
  try {
    entries = await readdir(target);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return;
    throw new MillraceError("USAGE", `cannot use ${dir}: it is no directory that can be read`, { cause });
  }
  if (entries.length > 0)
    throw new MillraceError("USAGE", `${dir} is not empty; name a directory that is empty or does not exist`);
}

async function writeFiles(target: string): Promise<void> {
  try {
    for (const [path, text] of Object.entries(starterFiles)) {
      const file = join(target, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError("OUTPUT", `cannot write the catalog: ${reason}`, { cause });
  }
}

function nextSteps(dir: string, { dataColors, workingDir }: Host): string {
  const { orgId, templateId, exampleLine } = starter;
  const shown = quoteForShell(relative(workingDir, resolve(workingDir, dir)) || ".");
  const comment = (text: string): string => dataColors.dim(`# ${text}`);
  return [
    `Made a catalog in ${dir}: org ${orgId}, template ${templateId}, one asset, three cases.`,
    "",
    "Next:",
    `  npx millrace test ${shown}            ${comment("run the cases")}`,
    `  npx millrace test ${shown} --watch    ${comment("again whenever a file changes")}`,
    `  npx millrace check ${shown}           ${comment("what is wrong, and what could be faster")}`,
    `  echo '${exampleLine}' | npx millrace run --catalog ${shown} --input -`,
    "",
    `The scripts are in ${join(shown, orgId, "templates", templateId)}.`,
    "",
  ].join("\n");
}

/** As a person may paste it. */
function quoteForShell(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) && !path.startsWith("-") ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
