// The gateway sends JSON, so there is nothing to decode and no decode stage: this one gets the parsed
// document. `readings` is what a minute's worth of Bluetooth tags in its reach have said:
//
//   { "gateway": "yg-2", "sentAt": "2025-03-14T05:40:12Z", "readings": [
//       { "tag": "c0ffee01", "at": "2025-03-14T05:39:20Z", "t": 38.7, "rh": 71, "rssi": -67, "mv": 2957 } ] }

function validate(batch) {
  if (batch === null || typeof batch !== "object" || !Array.isArray(batch.readings)) {
    throw new Error("the document has no list of readings");
  }
  if (Number.isNaN(Date.parse(batch.sentAt))) throw new Error(`sentAt is not a time: ${batch.sentAt}`);
  // One raw event may become 100 events at most; a gateway that was offline longer splits its backlog.
  if (batch.readings.length > 100) {
    throw new Error(`${batch.readings.length} readings in one batch, 100 are allowed`);
  }

  const errors = [];
  batch.readings.forEach((reading, i) => {
    if (typeof reading.tag !== "string") errors.push(`reading ${i} names no tag`);
    if (typeof reading.t !== "number") errors.push(`reading ${i} has no temperature`);
    if (Number.isNaN(Date.parse(reading.at))) errors.push(`reading ${i} has no time`);
  });
  // One bad reading refuses the batch: events of a raw event go out together or not at all.
  if (errors.length > 0) return { valid: false, errors };
}
