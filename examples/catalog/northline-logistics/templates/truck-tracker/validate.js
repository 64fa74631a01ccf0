function validate(report) {
  if (!(report.batteryV >= 6 && report.batteryV <= 36)) {
    throw new RangeError(`battery at ${report.batteryV} V`);
  }
  if (!(report.odometerKm >= 0)) throw new RangeError(`odometer at ${report.odometerKm} km`);
  // Without a fix the other fields are empty, and that is nothing wrong.
  if (!report.hasFix) return;

  if (report.lat === null || report.lon === null || report.gpsTime === null) {
    throw new Error("a fix without position or time");
  }
  if (Math.abs(report.lat) > 90 || Math.abs(report.lon) > 180) {
    throw new RangeError(`position ${report.lat}, ${report.lon}`);
  }
  // Some receivers report exactly 0, 0 between start and first fix. No truck of ours drives in the Gulf of Guinea.
  if (report.lat === 0 && report.lon === 0) throw new Error("position 0, 0");
  if (!(report.speedKnots >= 0 && report.speedKnots < 120)) {
    throw new RangeError(`speed of ${report.speedKnots} knots`);
  }
}
