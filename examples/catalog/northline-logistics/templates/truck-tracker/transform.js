const WEEK_MS = 7 * 24 * 3600 * 1000;

function transform(report, metadata) {
  // In a tunnel or under a roof the tracker still says that it is alive; we count that and pass on nothing.
  if (!report.hasFix) return [];

  const { vehicle = metadata.assetId, speedLimitKmh = 80 } = metadata.attributes;
  const fixedAt = unrolled(report.gpsTime, new Date(metadata.time));
  const speedKmh = Math.round(report.speedKnots * 1.852 * 10) / 10;
  return {
    eventType: "vehicle.position",
    created: fixedAt,
    data: {
      vehicle,
      fixedAt,
      position: { lat: report.lat, lon: report.lon },
      speedKmh,
      courseDegrees: report.courseDegrees,
      speeding: speedKmh > speedLimitKmh,
      ignition: report.ignition,
      batteryV: report.batteryV,
      odometerKm: report.odometerKm,
    },
  };
}

// GPS counts weeks in ten bits. A receiver with old firmware falls back by 1024 weeks when they roll
// over: its date is wrong by almost twenty years, and its time of day is right to the second.
function unrolled(gpsTime, receivedAt) {
  const ageWeeks = (receivedAt.getTime() - gpsTime.getTime()) / WEEK_MS;
  return ageWeeks > 512 ? new Date(gpsTime.getTime() + 1024 * WEEK_MS) : gpsTime;
}
