// A throw is the plainest way to refuse: its message is what the dead letter says.

function validate(decoded) {
  if (decoded.kind === "heartbeat") return;
  within("temperatureC", decoded.temperatureC, -30, 60);
  within("humidityPercent", decoded.humidityPercent, 0, 100);
  within("co2Ppm", decoded.co2Ppm, 250, 10000);
  within("ammoniaPpm", decoded.ammoniaPpm, 0, 200);
  within("batteryV", decoded.batteryV, 2, 4);
}

function within(name, value, low, high) {
  if (value === undefined) throw new Error(`${name} is missing`);
  if (value < low || value > high) throw new RangeError(`${name} is ${value}, outside ${low} to ${high}`);
}
