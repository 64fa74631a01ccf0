// A refrigerated trailer reports 28 bytes, big-endian, through its telematics unit:
//
//    0  version, always 3                          12  supply air, 0.01 °C
//    1  flags: 1 running, 2 defrost, 4 door open   14  compressor hours, 0.1 h, 32 bits
//    2  clock, Unix seconds, 32 bits               18  latitude, 1e-7 °, signed 32 bits
//    6  sequence number                            22  longitude, 1e-7 °, signed 32 bits
//    8  set point, 0.01 °C                         26  fuel, percent
//   10  return air, 0.01 °C                        27  checksum: low byte of the sum of the others
//
// The three stages can live in one TypeScript file; types help the author and are gone when it runs.

interface Metadata {
  readonly assetId: string;
  readonly time: string;
  readonly attributes: {
    readonly trailer?: string;
    readonly cargo?: string;
    readonly toleranceC?: number;
    readonly probeOffsetC?: number;
  };
}

interface Report {
  readonly running: boolean;
  readonly defrost: boolean;
  readonly doorOpen: boolean;
  readonly clock: Date;
  readonly sequence: number;
  readonly setPointC: number;
  readonly returnAirC: number;
  readonly supplyAirC: number;
  readonly compressorHours: number;
  readonly lat: number;
  readonly lon: number;
  readonly fuelPercent: number;
}

const FRAME_BYTES = 28;
const VERSION = 3;
const CLOCK_TOLERANCE_MS = 10 * 60 * 1000;

export function decode(payload: Buffer): Report {
  if (payload.length !== FRAME_BYTES) {
    throw new Error(`a report has ${FRAME_BYTES} bytes, this one ${payload.length}`);
  }
  if (payload[0] !== VERSION) throw new Error(`report version ${payload[0]} is not ${VERSION}`);
  let sum = 0;
  for (let i = 0; i < FRAME_BYTES - 1; i++) sum += payload[i]!;
  if ((sum & 0xff) !== payload[27]) {
    throw new Error(`checksum ${payload[27]} does not match, ${sum & 0xff} computed`);
  }

  const flags = payload[1]!;
  return {
    running: (flags & 1) !== 0,
    defrost: (flags & 2) !== 0,
    doorOpen: (flags & 4) !== 0,
    clock: new Date(payload.readUInt32BE(2) * 1000),
    sequence: payload.readUInt16BE(6),
    setPointC: payload.readInt16BE(8) / 100,
    returnAirC: payload.readInt16BE(10) / 100,
    supplyAirC: payload.readInt16BE(12) / 100,
    compressorHours: payload.readUInt32BE(14) / 10,
    lat: payload.readInt32BE(18) / 1e7,
    lon: payload.readInt32BE(22) / 1e7,
    fuelPercent: payload[26]!,
  };
}

export function validate(report: Report): { valid: boolean; errors: string[] } {
  const errors: string[] = [];
  const check = (name: string, value: number, low: number, high: number): void => {
    if (value < low || value > high) errors.push(`${name} is ${value}, outside ${low} to ${high}`);
  };
  check("set point", report.setPointC, -35, 30);
  check("return air", report.returnAirC, -50, 60);
  check("supply air", report.supplyAirC, -50, 60);
  check("latitude", report.lat, -90, 90);
  check("longitude", report.lon, -180, 180);
  check("fuel", report.fuelPercent, 0, 100);
  return { valid: errors.length === 0, errors };
}

export function transform(report: Report, metadata: Metadata) {
  const {
    trailer = metadata.assetId,
    cargo = "unknown",
    toleranceC = 2,
    probeOffsetC = 0,
  } = metadata.attributes;
  const returnAirC = round(report.returnAirC + probeOffsetC);
  // During a defrost the air is warm on purpose.
  const deviationC = round(returnAirC - report.setPointC);
  const alarm = report.running && !report.defrost && Math.abs(deviationC) > toleranceC;
  const { takenAt, clock } = settleTime(report.clock, new Date(metadata.time));
  return {
    eventType: alarm ? "reefer.alarm" : "reefer.report",
    created: takenAt,
    data: {
      trailer,
      cargo,
      takenAt,
      setPointC: report.setPointC,
      returnAirC,
      supplyAirC: report.supplyAirC,
      deviationC,
      alarm,
      running: report.running,
      defrost: report.defrost,
      doorOpen: report.doorOpen,
      compressorHours: report.compressorHours,
      fuelPercent: report.fuelPercent,
      position: { lat: report.lat, lon: report.lon },
    },
    metadata: { clock, sequence: report.sequence },
  };
}

/** A unit that lost its battery counts from 1970: then the moment of reception is the better time. */
function settleTime(clock: Date, receivedAt: Date): { takenAt: Date; clock: "device" | "reception" } {
  const off = Math.abs(clock.getTime() - receivedAt.getTime()) > CLOCK_TOLERANCE_MS;
  return off ? { takenAt: receivedAt, clock: "reception" } : { takenAt: clock, clock: "device" };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
