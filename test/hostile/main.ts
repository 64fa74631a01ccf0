import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { openArenaPool } from "./arena-pool.ts";
import { effort } from "./effort.ts";
import { readHostileScripts } from "./script-file.ts";
import { markdownTable, textTable, type TableRow } from "./table.ts";
import { problemsOf } from "./verdict.ts";

const usage = `usage: npm run hostile -- [--markdown FILE] [NAME…]
  --markdown FILE   write the table as Markdown as well
  NAME…             only the scripts whose names begin so`;

const { values, positionals } = parseArgs({
  options: { markdown: { type: "string" }, help: { type: "boolean", default: false } },
  allowPositionals: true,
});
if (values.help) process.stdout.write(`${usage}\n`);
else await runCatalogue(positionals, values.markdown);

/** Runs the catalogue, prints the table and then all that went wrong. The exit code says whether the sandbox held. */
async function runCatalogue(names: readonly string[], markdown: string | undefined): Promise<void> {
  const chosen = readHostileScripts().filter(
    ({ name }) => names.length === 0 || names.some((start) => name.startsWith(start)),
  );
  const pool = openArenaPool(effort.arenas);
  const rows: TableRow[] = [];
  const faults: string[] = [];
  const tasks = effort.realms.flatMap((realm) => chosen.map((script) => ({ script, realm })));
  await Promise.all(
    tasks.map(async (task) => {
      const name = task.realm === "fresh" ? `${task.script.name}, fresh` : task.script.name;
      try {
        const report = await pool.fight(task);
        rows.push({ name, report });
        faults.push(...problemsOf(task.script, report).map((problem) => `${name}: ${problem}`));
      } catch (cause) {
        faults.push(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
      }
    }),
  );
  await pool.close();
  rows.sort((a, b) => (a.name < b.name ? -1 : 1));
  process.stdout.write(textTable(rows));
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  if (markdown !== undefined) writeFileSync(markdown, markdownTable(rows));
  process.exitCode = faults.length > 0 ? 1 : 0;
}
