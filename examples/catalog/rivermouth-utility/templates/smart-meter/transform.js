// Large customers are metered through current transformers: the meter sees a fraction of the current,
// and `ctRatio` says which (40 for a 200 A : 5 A transformer). Voltage is measured directly.

function transform(reading, metadata) {
  const { registers, readAt } = reading;
  const { ctRatio = 1, meterPoint = metadata.assetId, feeder } = metadata.attributes;
  return {
    eventType: "meter.reading",
    created: readAt,
    data: {
      meterPoint,
      readAt,
      importKwh: kilo(registers["1.0.1.8.0.255"].value * ctRatio),
      exportKwh: kilo(registers["1.0.2.8.0.255"].value * ctRatio),
      powerKw: kilo(registers["1.0.1.7.0.255"].value * ctRatio),
      voltageV: registers["1.0.32.7.0.255"].value,
    },
    metadata: { feeder, ctRatio },
  };
}

// The meter counts whole watts and watt-hours, so three digits lose nothing.
function kilo(value) {
  return Math.round(value) / 1000;
}
