import { isAscii } from "node:buffer";
import type { Frame, LineBody } from "./device.ts";
import { isoTime } from "./iso-time.ts";

/** The bytes in base64. A frame of a JSON device that is still whole goes as the document that it is. */
export function carryBase64(frame: Frame): LineBody {
  return Buffer.isBuffer(frame) ? { payloadBase64: frame.toString("base64") } : { payload: frame };
}

/** Text as text, readable in the line. Bytes that are none go in base64, as a serial port server would send them. */
export function carryText(frame: Frame, contentType: string): LineBody {
  if (!Buffer.isBuffer(frame) || !isAscii(frame)) return { contentType, ...carryBase64(frame) };
  return { contentType, payload: frame.toString("latin1") };
}

/** The bytes in hexadecimal, as serial-line modems and meter head ends log them. */
export function carryHex(frame: Frame): LineBody {
  return Buffer.isBuffer(frame) ? { payloadHex: frame.toString("hex") } : { payload: frame };
}

/** The bytes of a LoRaWAN frame from a bridge that has already taken them out of its network server's document. */
export function carryLorawan(frame: Frame, port: number): LineBody {
  return { ...carryBase64(frame), attributes: { fPort: port } };
}

/** What a network server knows of one device. */
export interface LorawanSession {
  readonly deviceName: string;
  /** 16 hex digits. */
  readonly devEui: string;
  /** 8 hex digits. */
  readonly devAddr: string;
  /** Uplinks since the device joined. */
  frameCount: number;
}

/** A session whose addresses are derived from the asset's id, so that they need no configuration. */
export function startSession(assetId: string): LorawanSession {
  let hash = 0x811c9dc5;
  for (let i = 0; i < assetId.length; i++) hash = Math.imul(hash ^ assetId.charCodeAt(i), 0x01000193);
  const digits = (hash >>> 0).toString(16).padStart(8, "0");
  // 0102030405 stands in for a maker's prefix; 26 is the first byte of addresses in a private network.
  return { deviceName: assetId, devEui: `01020304${digits}`, devAddr: `26${digits.slice(2)}`, frameCount: 0 };
}

/** A radio path's quality. */
export interface Reception {
  readonly rssi: number;
  readonly snr: number;
}

/** The uplink event of ChirpStack v4 (its JSON integration), with the keys that integrations look at. */
export function chirpstackUplink(
  frame: Frame,
  port: number,
  session: LorawanSession,
  nowMs: number,
  heard: Reception,
): LineBody {
  const time = isoTime(nowMs);
  session.frameCount += 1;
  return {
    payload: {
      deduplicationId: `${session.devEui}-${session.frameCount}`,
      time,
      deviceInfo: { applicationName: "water", deviceName: session.deviceName, devEui: session.devEui },
      devAddr: session.devAddr,
      adr: true,
      dr: 5,
      fCnt: session.frameCount,
      fPort: port,
      confirmed: false,
      data: frameBase64(frame),
      rxInfo: [{ gatewayId: "0a1b2c3d4e5f6071", time, rssi: heard.rssi, snr: heard.snr }],
      txInfo: {
        frequency: 868100000,
        modulation: { lora: { bandwidth: 125000, spreadingFactor: 7, codeRate: "CR_4_5" } },
      },
    },
  };
}

/** The uplink message of The Things Stack v3, with the keys that integrations look at. */
export function thingsStackUplink(
  frame: Frame,
  port: number,
  session: LorawanSession,
  nowMs: number,
  heard: Reception,
): LineBody {
  const time = isoTime(nowMs);
  session.frameCount += 1;
  return {
    payload: {
      end_device_ids: {
        device_id: session.deviceName.toLowerCase(),
        application_ids: { application_id: "litter-bins" },
        dev_eui: session.devEui.toUpperCase(),
        dev_addr: session.devAddr.toUpperCase(),
      },
      received_at: time,
      uplink_message: {
        f_port: port,
        f_cnt: session.frameCount,
        frm_payload: frameBase64(frame),
        rx_metadata: [{ gateway_ids: { gateway_id: "town-hall-roof" }, rssi: heard.rssi, snr: heard.snr }],
        settings: { data_rate: { lora: { bandwidth: 125000, spreading_factor: 7 } }, frequency: "868100000" },
        received_at: time,
        consumed_airtime: "0.051456s",
      },
    },
  };
}

function frameBase64(frame: Frame): string {
  return (Buffer.isBuffer(frame) ? frame : Buffer.from(JSON.stringify(frame))).toString("base64");
}
