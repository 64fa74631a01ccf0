// One raw event, many events. A batch without readings gives an empty array: the gateway is alive and
// nothing is near it, which is of no interest to anybody.

function transform(batch, metadata) {
  const { yard = "unknown", temperatureUnit = "C", tags = {} } = metadata.attributes;
  const shiftMs = clockError(batch, metadata);
  return batch.readings.map((reading) => {
    const takenAt = new Date(Date.parse(reading.at) + shiftMs);
    return {
      eventType: "tag.reading",
      created: takenAt,
      data: {
        yard,
        tag: reading.tag,
        goods: tags[reading.tag] ?? "unassigned",
        takenAt,
        temperatureC: toCelsius(reading.t, temperatureUnit),
        humidityPercent: reading.rh,
        signalDbm: reading.rssi,
        batteryV: reading.mv / 1000,
      },
      metadata: shiftMs === 0 ? undefined : { clockShiftSeconds: Math.round(shiftMs / 1000) },
    };
  });
}

// The gateways have no battery for their clock: after a power cut they count from 2000 on. The distances
// between their times stay right, so the whole batch is moved by what `sentAt` is off.
function clockError(batch, metadata) {
  const offMs = new Date(metadata.time).getTime() - Date.parse(batch.sentAt);
  return Math.abs(offMs) > 60000 ? offMs : 0;
}

function toCelsius(value, unit) {
  const celsius = unit === "F" ? ((value - 32) * 5) / 9 : value;
  return Math.round(celsius * 10) / 10;
}
