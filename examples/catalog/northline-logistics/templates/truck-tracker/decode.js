// A vehicle tracker sends two NMEA 0183 sentences, each with its checksum and a line end:
//
//   $GNRMC,054012.00,A,5331.8273,N,00957.6151,E,38.4,084.4,140325,,,A*76
//          │         │ │           │            │    │     └ day, month, year
//          │         │ └ latitude  └ longitude  │    └ course over ground, °
//          │         └ A: position valid        └ speed, knots
//          └ time, UTC
//   $PNLV,27.9,1,482113.4*1C      our own sentence: battery V, ignition, odometer km

function decode(payload) {
  const sentences = {};
  for (const line of payload.toString("latin1").split("\r\n")) {
    if (line === "") continue;
    const fields = readSentence(line);
    sentences[fields[0]] = fields;
  }
  // GP, GN, GL …: the talker tells which satellites were used, the sentence is the same.
  const rmc = sentences.GNRMC ?? sentences.GPRMC;
  const vehicle = sentences.PNLV;
  if (!rmc) throw new Error("there is no RMC sentence");
  if (!vehicle) throw new Error("there is no PNLV sentence");

  return {
    hasFix: rmc[2] === "A",
    gpsTime: gpsTime(rmc[9], rmc[1]),
    lat: degrees(rmc[3], rmc[4]),
    lon: degrees(rmc[5], rmc[6]),
    speedKnots: Number(rmc[7]),
    courseDegrees: Number(rmc[8]),
    batteryV: Number(vehicle[1]),
    ignition: vehicle[2] === "1",
    odometerKm: Number(vehicle[3]),
  };
}

function readSentence(line) {
  const star = line.length - 3;
  if (line[0] !== "$" || line[star] !== "*") {
    throw new Error(`not a sentence with a checksum: ${JSON.stringify(line.slice(0, 90))}`);
  }
  let checksum = 0;
  for (let i = 1; i < star; i++) checksum ^= line.charCodeAt(i);
  const sent = line.slice(star + 1).toUpperCase();
  const computed = checksum.toString(16).toUpperCase().padStart(2, "0");
  if (sent !== computed) throw new Error(`checksum ${sent} does not match, ${computed} computed`);
  return line.slice(1, star).split(",");
}

// 5331.8273,N is 53 degrees and 31.8273 minutes.
function degrees(value, hemisphere) {
  if (value === "") return null;
  const figure = Number(value);
  const whole = Math.trunc(figure / 100);
  const result = whole + (figure - whole * 100) / 60;
  return Math.round((hemisphere === "S" || hemisphere === "W" ? -result : result) * 1e6) / 1e6;
}

function gpsTime(date, time) {
  if (date === "" || time === "") return null;
  return new Date(
    Date.UTC(
      2000 + Number(date.slice(4, 6)),
      Number(date.slice(2, 4)) - 1,
      Number(date.slice(0, 2)),
      Number(time.slice(0, 2)),
      Number(time.slice(2, 4)),
      Number(time.slice(4, 6)),
    ),
  );
}
