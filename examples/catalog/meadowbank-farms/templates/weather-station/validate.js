// Besides the figures this stage settles when each record was taken: the loggers' clocks run on local
// time without daylight saving, and the asset says how far that is from UTC. What validate returns
// (here the records with their time) is what transform gets.

function validate(records, metadata) {
  const receivedMs = new Date(metadata.time).getTime();
  const offsetMs = (metadata.attributes.utcOffsetMinutes ?? 0) * 60000;
  if (records.length === 0) throw new Error("the upload has no records");

  return records.map((record) => {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(record.localTime)) {
      throw new Error(`bad time ${record.localTime}`);
    }
    const takenMs = Date.parse(`${record.localTime}:00Z`) - offsetMs;
    // Weather goes into statistics: a record whose time is wrong does more harm than one that is missing.
    const ageMinutes = Math.round((receivedMs - takenMs) / 60000);
    if (!(ageMinutes >= -10 && ageMinutes <= 48 * 60)) {
      throw new Error(
        `the logger's clock is off: ${record.localTime} came in with an age of ${ageMinutes} minutes`,
      );
    }
    within("air temperature", record.airC, -50, 60);
    within("humidity", record.humidityPercent, 0, 100);
    within("wind speed", record.windMs, 0, 90);
    within("wind direction", record.windFromDegrees, 0, 360);
    within("rain", record.rainMm, 0, 60);
    within("pressure", record.pressureHpa, 850, 1100);
    return { ...record, takenAt: new Date(takenMs) };
  });
}

function within(name, value, low, high) {
  if (value < low || value > high) throw new RangeError(`${name} is ${value}, outside ${low} to ${high}`);
}
