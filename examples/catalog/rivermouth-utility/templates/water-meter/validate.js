function validate(reading) {
  const errors = [];
  if (reading.waterC < -5 || reading.waterC > 60) errors.push(`water at ${reading.waterC} °C`);
  if (reading.batteryPercent > 100) errors.push(`battery at ${reading.batteryPercent} percent`);
  return { valid: errors.length === 0, errors };
}
