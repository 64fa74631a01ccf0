// One upload, many events: each record becomes an event of its own, dated when it was taken.

function transform(records, metadata) {
  const { station = metadata.assetId, elevationM = 0 } = metadata.attributes;
  return records.map((record) => ({
    eventType: "weather.observation",
    created: record.takenAt,
    data: {
      station,
      takenAt: record.takenAt,
      airC: record.airC,
      humidityPercent: record.humidityPercent,
      wind: { speedMs: record.windMs, fromDegrees: record.windFromDegrees },
      rainMm: record.rainMm,
      pressureHpa: record.pressureHpa,
      seaLevelPressureHpa: seaLevelPressure(record.pressureHpa, record.airC, elevationM),
    },
  }));
}

// The barometric formula with the standard lapse rate of 6.5 K per km.
function seaLevelPressure(pressureHpa, airC, elevationM) {
  const drop = 0.0065 * elevationM;
  const reduced = pressureHpa * (1 - drop / (airC + drop + 273.15)) ** -5.257;
  return Math.round(reduced * 10) / 10;
}
