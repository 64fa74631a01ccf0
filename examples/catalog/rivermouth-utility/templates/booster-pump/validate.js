// `false` is the shortest way to refuse; an author who wants to say why returns errors or throws.

function validate(reading) {
  // A float register can hold NaN, and NaN passes every "too high" or "too low" test.
  if (!Number.isFinite(reading.flowM3h)) throw new Error("the flow is not a number: is wordOrder right?");

  return (
    between(reading.flowM3h, -1, 2000) &&
    between(reading.suctionBar, -1, 25) &&
    between(reading.pressureBar, -1, 40) &&
    between(reading.motorC, -30, 180) &&
    between(reading.speedRpm, 0, 4000)
  );
}

function between(value, low, high) {
  return value >= low && value <= high;
}
