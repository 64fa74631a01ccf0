// The logger uploads text: a head line with the format and the number of records, then one record a line.
//
//   WS2,2
//   2025-03-14T06:10,8.4,81.5,3.2,240,0.2,1009.6
//   2025-03-14T06:20,8.7,80.0,3.9,238,0.0,1009.5
//
// Columns: local time, air °C, humidity %, wind m/s, wind from °, rain mm, pressure hPa.
// Every line ends in a line feed, the last one too: text without it was cut on its way.

function decode(payload) {
  const text = payload.toString("latin1");
  if (!text.endsWith("\n")) throw new Error("the upload does not end in a line feed: it was cut");
  const lines = text.slice(0, -1).split("\n");

  const head = /^WS2,(\d{1,2})$/.exec(lines[0]);
  if (!head) {
    throw new Error(`the head line is not "WS2,<records>": ${JSON.stringify(lines[0].slice(0, 40))}`);
  }
  const announced = Number(head[1]);
  if (lines.length - 1 !== announced) {
    throw new Error(`${announced} records announced, ${lines.length - 1} sent`);
  }

  const records = [];
  for (let i = 1; i < lines.length; i++) records.push(readRecord(lines[i], i + 1));
  return records;
}

function readRecord(line, lineNumber) {
  const columns = line.split(",");
  if (columns.length !== 7) throw new Error(`line ${lineNumber} has ${columns.length} columns instead of 7`);
  const [localTime, ...figures] = columns;
  const [airC, humidityPercent, windMs, windFromDegrees, rainMm, pressureHpa] = figures.map((figure, i) => {
    // Number() alone would take an empty column for 0 and "0x10" for 16.
    if (!/^-?\d+(\.\d+)?$/.test(figure)) {
      throw new Error(`line ${lineNumber}, column ${i + 2} is not a number: ${JSON.stringify(figure)}`);
    }
    return Number(figure);
  });
  return { localTime, airC, humidityPercent, windMs, windFromDegrees, rainMm, pressureHpa };
}
