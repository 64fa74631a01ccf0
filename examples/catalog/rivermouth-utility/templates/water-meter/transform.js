function transform(reading, metadata) {
  const { district = "unknown", installedReadingM3 = 0 } = metadata.attributes;
  const alarms = ["leak", "burst", "tampered", "backflow"].filter((alarm) => reading[alarm]);
  return {
    eventType: alarms.length > 0 ? "water.alarm" : "water.reading",
    data: {
      district,
      // The dial did not stand at zero when the counter was mounted on it.
      volumeM3: Math.round(installedReadingM3 * 1000 + reading.litres) / 1000,
      waterC: reading.waterC,
      batteryPercent: reading.batteryPercent,
      leak: reading.leak,
      alarms,
    },
  };
}
