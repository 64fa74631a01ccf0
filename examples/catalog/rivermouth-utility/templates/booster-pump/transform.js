function transform(pump, metadata) {
  const { station = "unknown", maxPressureBar = 10 } = metadata.attributes;
  return {
    eventType: pump.fault === 0 ? "pump.status" : "pump.fault",
    data: {
      station,
      running: pump.running,
      mode: pump.remote ? "remote" : "local",
      flowM3h: round(pump.flowM3h, 2),
      volumeM3: pump.volumeM3,
      suctionBar: pump.suctionBar,
      pressureBar: pump.pressureBar,
      liftBar: round(pump.pressureBar - pump.suctionBar, 2),
      overPressure: pump.pressureBar > maxPressureBar,
      motorC: pump.motorC,
      speedRpm: pump.speedRpm,
      faultCode: pump.fault,
    },
  };
}

function round(value, digits) {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
