function validate(level, metadata) {
  if (level.kind === "alive") return true;
  const { depthMm = 1200 } = metadata.attributes;
  if (level.distanceMm === 0) throw new Error("no echo: the sensor is covered or the lid stands open");
  // The sensor sits some centimetres above the rim.
  if (level.distanceMm > depthMm + 100) {
    throw new RangeError(`the litter is ${level.distanceMm} mm away in a bin ${depthMm} mm deep`);
  }
  return true;
}
