/** The org, template and asset that `init` makes, for the words that follow it. */
export const starter = {
  orgId: "acme",
  templateId: "room-climate",
  assetId: "room-101",
  /** A raw event line that the template understands. */
  exampleLine: '{"orgId":"acme","assetId":"room-101","payloadHex":"086629"}',
} as const;

const decode = `// The payload's bytes become values. This device sends three bytes:
//   08 66   temperature in hundredths of a degree, signed, big-endian: 21.50 °C
//   29      relative humidity in percent: 41

function decode(payload) {
  if (payload.length !== 3) throw new Error(\`a frame has 3 bytes, this one has \${payload.length}\`);
  return {
    temperature: payload.readInt16BE(0) / 100,
    humidity: payload.readUInt8(2),
  };
}
`;

const validate = `// Values that no such sensor can measure are refused; the message is what the rejection says.

function validate({ temperature, humidity }) {
  if (temperature < -40 || temperature > 85) throw new RangeError(\`temperature \${temperature} is outside -40 to 85\`);
  if (humidity > 100) throw new RangeError(\`humidity \${humidity} is above 100\`);
}
`;

const transform = `// What leaves: a standard event. The asset's attributes come with every event of it.

function transform(climate, metadata) {
  return {
    eventType: "room.climate",
    data: { room: metadata.attributes.room, ...climate },
  };
}
`;

const template = `{
  "version": "1",
  "decode": "decode.js",
  "validate": "validate.js",
  "transform": "transform.js",
  "eva": [
    { "name": "temperature", "type": "number", "path": "$.data.temperature", "required": true },
    { "name": "humidity", "type": "number", "path": "$.data.humidity" }
  ]
}
`;

const assets = `[
  { "assetId": "room-101", "templateId": "room-climate", "attributes": { "room": "101" } }
]
`;

const cases = `[
  {
    "name": "a reading",
    "input": { "assetId": "room-101", "payloadHex": "086629" },
    "expect": {
      "event": {
        "eventType": "room.climate",
        "data": { "room": "101", "temperature": 21.5, "humidity": 41 },
        "eva": { "number": { "temperature": 21.5, "humidity": 41 } }
      }
    }
  },
  {
    "name": "a frame that was cut off",
    "input": { "assetId": "room-101", "payloadHex": "0866" },
    "expect": {
      "rejection": { "stage": "decode", "type": "runtime", "message": "a frame has 3 bytes, this one has 2" }
    }
  },
  {
    "name": "more humidity than there is",
    "input": { "assetId": "room-101", "payloadHex": "0866ff" },
    "expect": { "rejection": { "stage": "validate", "type": "validation" } }
  }
]
`;

/** The files of a first catalog, by path in it. */
export const starterFiles: Readonly<Record<string, string>> = {
  "acme/assets.json": assets,
  "acme/templates/room-climate/template.json": template,
  "acme/templates/room-climate/decode.js": decode,
  "acme/templates/room-climate/validate.js": validate,
  "acme/templates/room-climate/transform.js": transform,
  "acme/templates/room-climate/cases/readings.json": cases,
};
