// Attempt: Ids changed in `metadata`, from which an engine might write its envelope.
// At: decode
// Outcome: standard
function attack(p, metadata) {
  Object.assign(metadata, {
    orgId: "innocent",
    assetId: "asset-1",
    templateId: "t",
    eventId: "forged",
    time: "x",
  });
  return p;
}
