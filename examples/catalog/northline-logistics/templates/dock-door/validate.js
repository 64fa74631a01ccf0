function validate(frame) {
  return frame.batteryPercent <= 100;
}
