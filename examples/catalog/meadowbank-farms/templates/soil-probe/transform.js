// The raw moisture figure depends on the soil. Each probe was read once in dry and once in saturated
// soil of its own field; those two readings are asset attributes and make the scale.

function transform(items, metadata) {
  const {
    temperatureOffsetC = 0,
    moistureDry = 0,
    moistureWet = 100,
    field = "unknown",
  } = metadata.attributes;
  const share = (items.relative_humidity_2 - moistureDry) / (moistureWet - moistureDry);

  const data = {
    field,
    temperatureC: round(items.temperature_1 + temperatureOffsetC, 1),
    moisturePercent: round(Math.min(Math.max(share, 0), 1) * 100, 1),
    batteryV: items.analog_in_3,
    irrigating: items.digital_in_5 === 1,
  };
  // The probe sends its position once in a while, to save air time.
  if (items.gps_4) {
    data.position = {
      lat: items.gps_4.latitude,
      lon: items.gps_4.longitude,
      altM: items.gps_4.altitude,
    };
  }
  return { eventType: "soil.reading", data };
}

function round(value, digits) {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
