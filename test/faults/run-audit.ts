import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { AuditCounts } from "../../scripts/audit/judge.ts";

const program = fileURLToPath(new URL("../../scripts/audit.ts", import.meta.url));

/** What the audit said. */
export interface Audit {
  readonly code: number;
  readonly violations: readonly string[];
  readonly counts: AuditCounts & { readonly accepted?: number; readonly violations: number };
}

/** Runs the audit over a log, and over what producers were told where they have kept it. Rejects where it cannot read. */
export async function runAudit(log: string, accepted?: string): Promise<Audit> {
  const args = ["--log", log, ...(accepted === undefined ? [] : ["--accepted", accepted])];
  const { code, stdout, stderr } = await new Promise<{ code: number; stdout: string; stderr: string }>(
    (resolve) => {
      const options = { maxBuffer: 2 ** 28 };
      const child = execFile(process.execPath, [program, ...args], options, (_error, out, err) =>
        resolve({ code: child.exitCode ?? -1, stdout: out, stderr: err }),
      );
    },
  );
  const lines = stdout.trimEnd().split("\n");
  const last = lines.pop() ?? "";
  if (!last.startsWith("{")) throw new Error(`the audit ended with ${code}: ${stderr}`);
  return { code, violations: lines, counts: JSON.parse(last) as Audit["counts"] };
}
