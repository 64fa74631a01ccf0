import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openArenaPool, type ArenaPool } from "./arena-pool.ts";
import { effort } from "./effort.ts";
import { readHostileScripts } from "./script-file.ts";
import { textTable, type TableRow } from "./table.ts";
import { problemsOf } from "./verdict.ts";

// What the executors of a process are is read from /proc.
describe.runIf(process.platform === "linux").each(effort.realms)(
  "a hostile tenant's script, in its %s realm,",
  { timeout: effort.timeoutMs },
  (realm) => {
    let pool: ArenaPool;
    const rows: TableRow[] = [];
    beforeAll(() => {
      pool = openArenaPool(effort.arenas);
    });
    afterAll(async () => {
      await pool.close();
      process.stdout.write(`\n${textTable(rows.toSorted((a, b) => (a.name < b.name ? -1 : 1)))}`);
    });

    test.concurrent.each(readHostileScripts().map((script) => [script.name, script] as const))(
      "%s, has the outcome that its file states and costs its neighbours nothing",
      async (name, script) => {
        const report = await pool.fight({ script, realm });
        rows.push({ name, report });
        expect(problemsOf(script, report)).toEqual([]);
      },
    );
  },
);
