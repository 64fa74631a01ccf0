import { statSync, truncateSync } from "node:fs";
import { expect, test } from "vitest";
import { openEmbeddedLog } from "../../src/stream/embedded/embedded-log.ts";
import { record, topicSpec } from "../contract/log-store.ts";
import { logPath } from "../stream/embedded/embedded-store.ts";

// SQLite rounds the size up to whole pages and reads zeros for what is missing: the stream ran until it came there.
test("a log that lacks some bytes of its last page is not opened", async () => {
  const path = await logPath();
  const log = await openEmbeddedLog({ path, onFault: () => undefined });
  await log.ensureTopic(topicSpec("in", 1));
  await log.append([record("in", "x".repeat(50_000))]);
  await log.close();
  truncateSync(path, statSync(path).size - 1);
  await expect(openEmbeddedLog({ path, onFault: () => undefined })).rejects.toMatchObject({
    code: "LOG_CORRUPT",
    message: expect.stringContaining("the file is cut off") as string,
  });
});
