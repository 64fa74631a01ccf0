import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CaseEntry, CaseExpectation, RawEventLine } from "../../src/model/contract.ts";
import { catalogDirectory, loadCatalog, type PlainOutcome } from "./plain-realm.ts";

/** The outcome reduced to what the expectation names. */
function named(outcome: PlainOutcome, wanted: CaseExpectation): unknown {
  switch (outcome.outcome) {
    case "filtered":
      return { filtered: true };
    case "rejected": {
      const keys =
        "rejection" in wanted ? Object.keys(wanted.rejection) : ["stage", "type", "code", "message"];
      return { rejection: keysOf(outcome, keys) };
    }
    case "standard": {
      if (outcome.shape === "one")
        return { event: keysOf(outcome.events[0], "event" in wanted ? Object.keys(wanted.event) : []) };
      const lists = "events" in wanted ? wanted.events.map((event) => Object.keys(event)) : [];
      return { events: outcome.events.map((event, index) => keysOf(event, lists[index] ?? [])) };
    }
  }
}

function keysOf(value: object | undefined, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, (value as Record<string, unknown> | undefined)?.[key]]));
}

describe.each(loadCatalog())("template $orgId/$templateId", (template) => {
  const directory = join(catalogDirectory, template.orgId, "templates", template.templateId, "cases");
  const cases = readdirSync(directory).flatMap(
    (file) => JSON.parse(readFileSync(join(directory, file), "utf8")) as CaseEntry[],
  );

  it.each(cases)("$name", ({ input, expect: wanted }) => {
    const line: RawEventLine = {
      orgId: template.orgId,
      templateId: template.templateId,
      assetId: "case-asset",
      ...input,
    };
    expect(named(template.run(line), wanted)).toEqual(wanted);
  });

  it("has three cases or more, and one of a rejection among them", () => {
    expect(cases.length).toBeGreaterThanOrEqual(3);
    expect(cases.some((entry) => "rejection" in entry.expect)).toBe(true);
  });
});
