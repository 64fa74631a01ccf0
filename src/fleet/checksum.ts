/** Table of a reflected CRC of 16 bits: one look-up a byte instead of eight shifts. */
function reflectedTable(polynomial: number): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, index) => {
    let crc = index;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc;
  });
}

const x25Table = reflectedTable(0x8408);
const modbusTable = reflectedTable(0xa001);

function reflectedCrc(table: Uint16Array, bytes: Uint8Array, start: number, end: number): number {
  let crc = 0xffff;
  for (let i = start; i < end; i++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return crc;
}

/** CRC-16/X-25, the frame check of HDLC (ISO/IEC 13239), over `bytes[start, end)`. Check value of "123456789": 0x906e. */
export function crc16X25(bytes: Uint8Array, start: number, end: number): number {
  return reflectedCrc(x25Table, bytes, start, end) ^ 0xffff;
}

/** CRC-16/MODBUS (Modbus over serial line 1.02) over `bytes[start, end)`. Check value of "123456789": 0x4b37. */
export function crc16Modbus(bytes: Uint8Array, start: number, end: number): number {
  return reflectedCrc(modbusTable, bytes, start, end);
}

/** The checksum of an NMEA 0183 sentence: exclusive or of all characters between `$` and `*`, two hex digits. */
export function nmeaChecksum(body: string): string {
  let checksum = 0;
  for (let i = 0; i < body.length; i++) checksum ^= body.charCodeAt(i);
  return checksum.toString(16).toUpperCase().padStart(2, "0");
}
