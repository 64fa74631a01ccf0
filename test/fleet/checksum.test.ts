import { expect, it } from "vitest";
import { crc16Modbus, crc16X25, nmeaChecksum } from "../../src/fleet/checksum.ts";

const digits = Buffer.from("123456789");

it("computes CRC-16/X-25 with the check value of the CRC catalogues", () => {
  expect(crc16X25(digits, 0, digits.length)).toBe(0x906e);
});

it("computes CRC-16/MODBUS with the check value of the CRC catalogues", () => {
  expect(crc16Modbus(digits, 0, digits.length)).toBe(0x4b37);
});

it("leaves out what lies before the start and after the end", () => {
  const framed = Buffer.from("~123456789~");
  expect(crc16X25(framed, 1, 10)).toBe(0x906e);
  expect(crc16Modbus(framed, 1, 10)).toBe(0x4b37);
});

it("computes the NMEA checksum of a sentence with two digits, also below 16", () => {
  // From the widely printed example of a GGA sentence.
  expect(nmeaChecksum("GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,")).toBe("47");
  expect(nmeaChecksum("AAE")).toBe("45");
  expect(nmeaChecksum("AE")).toBe("04");
});
