// This probe always sends temperature, moisture and battery. A frame that was cut between two items
// is still well-formed LPP, so completeness has to be checked here.

function validate(items) {
  const errors = [];
  inRange(errors, "temperature_1", items.temperature_1, -40, 85);
  inRange(errors, "relative_humidity_2", items.relative_humidity_2, 0, 100);
  inRange(errors, "analog_in_3", items.analog_in_3, 1.8, 4.3);
  return { valid: errors.length === 0, errors };
}

function inRange(errors, name, value, low, high) {
  if (value === undefined) errors.push(`${name} is missing`);
  else if (value < low || value > high) errors.push(`${name} is ${value}, outside ${low} to ${high}`);
}
