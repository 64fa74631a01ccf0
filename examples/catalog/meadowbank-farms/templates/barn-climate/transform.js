function transform(climate, metadata) {
  // An empty array means "of no interest": the heartbeat is counted and goes no further.
  if (climate.kind === "heartbeat") return [];

  const { barn = "unknown", humidityOffsetPercent = 0, ammoniaLimitPpm = 20 } = metadata.attributes;
  const humidity = Math.min(Math.max(climate.humidityPercent + humidityOffsetPercent, 0), 100);
  return {
    eventType: "barn.climate",
    data: {
      barn,
      temperatureC: climate.temperatureC,
      humidityPercent: humidity,
      co2Ppm: climate.co2Ppm,
      ammoniaPpm: climate.ammoniaPpm,
      ammoniaHigh: climate.ammoniaPpm > ammoniaLimitPpm,
      batteryV: climate.batteryV,
    },
  };
}
