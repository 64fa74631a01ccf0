/** Frame, port and time of a LoRaWAN payload: from a Things Stack v3 or ChirpStack v4 document, else the payload itself. */
export function unwrapUplink(
  payload: unknown,
  port: unknown,
  time: string,
): { bytes: number[]; fPort: unknown; recvTime: Date } {
  if (Buffer.isBuffer(payload)) return { bytes: [...payload], fPort: port, recvTime: new Date(time) };
  const document = payload as {
    data?: string;
    fPort?: number;
    time?: string;
    received_at?: string;
    uplink_message?: { frm_payload?: string; f_port?: number; received_at?: string };
  };
  const base64 = document.uplink_message?.frm_payload ?? document.data ?? "";
  return {
    bytes: [...Buffer.from(base64, "base64")],
    fPort: document.uplink_message?.f_port ?? document.fPort,
    recvTime: new Date(document.uplink_message?.received_at ?? document.time ?? time),
  };
}
