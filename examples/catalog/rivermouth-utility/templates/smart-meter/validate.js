// A bill rests on these figures: what is doubtful goes to the dead letters, where a person looks at it.

function validate(reading, metadata) {
  const errors = [];
  const { registers } = reading;

  expectUnit(errors, registers, "1.0.1.8.0.255", "Wh");
  expectUnit(errors, registers, "1.0.2.8.0.255", "Wh");
  expectUnit(errors, registers, "1.0.1.7.0.255", "W");
  expectUnit(errors, registers, "1.0.32.7.0.255", "V");

  const voltage = registers["1.0.32.7.0.255"]?.value;
  if (voltage < 150 || voltage > 300) errors.push(`voltage is ${voltage} V`);

  // Energy is billed by the quarter hour, so a clock may be off by one of them and no more.
  const offMinutes = Math.round((reading.readAt.getTime() - new Date(metadata.time).getTime()) / 60000);
  if (!(Math.abs(offMinutes) <= 15)) errors.push(`the meter's clock is off by ${offMinutes} minutes`);

  return { valid: errors.length === 0, errors };
}

function expectUnit(errors, registers, obis, unit) {
  const register = registers[obis];
  if (!register) errors.push(`register ${obis} is missing`);
  else if (register.unit !== unit) errors.push(`register ${obis} is in ${register.unit} instead of ${unit}`);
}
