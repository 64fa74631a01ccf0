function transform(level, metadata) {
  if (level.kind === "alive") return [];

  const { depthMm = 1200, street, lat, lon, fullPercent = 80 } = metadata.attributes;
  const fillPercent = Math.round(Math.min(Math.max(1 - level.distanceMm / depthMm, 0), 1) * 100);
  return {
    eventType: fillPercent >= fullPercent ? "bin.full" : "bin.level",
    data: {
      street,
      fillPercent,
      full: fillPercent >= fullPercent,
      temperatureC: level.temperatureC,
      batteryV: Math.round(level.batteryV * 100) / 100,
      position: { lat, lon },
    },
  };
}
