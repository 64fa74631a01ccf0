// Attempt: An envelope of another org around the data, by every key that one has.
// Outcome: standard {"v":1}
function attack() {
  return {
    schemaVersion: 2,
    eventId: "forged",
    orgId: "innocent",
    assetId: "asset-1",
    templateId: "t",
    templateVersion: "9",
    ingested: "1970-01-01T00:00:00.000Z",
    eva: { number: { forged: 1 } },
    warnings: ["forged"],
    eventType: "seen",
    data: { v: 1 },
  };
}
