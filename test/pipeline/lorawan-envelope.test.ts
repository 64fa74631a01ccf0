import { describe, expect, test } from "vitest";
import { smallEngine } from "./small-engine.ts";

const engine = smallEngine();

const uplink = (body: string): string => `function decodeUplink(input) { ${body} }`;
const shownInput = uplink("return { data: input }");

describe("a network server's envelope in JSON gives bytes, port and time:", () => {
  const theThingsStack = {
    end_device_ids: { device_id: "dev1", application_ids: { application_id: "app1" } },
    received_at: "2025-02-01T10:00:01.5Z",
    uplink_message: {
      f_port: 3,
      frm_payload: "AQL/",
      received_at: "2025-02-01T10:00:00.123456789Z",
    },
  };
  const chirpStack = {
    deduplicationId: "3ac7e3c4",
    time: "2025-02-01T10:00:00.123456+00:00",
    deviceInfo: { devEui: "0102030405060708" },
    fCnt: 10,
    fPort: 3,
    data: "AQL/",
    rxInfo: [{ gatewayId: "g1" }],
  };
  const own = { attributes: { fPort: 99 }, time: "2025-02-28T22:00:00Z" };
  const read = async (payload: object, decode = shownInput): Promise<unknown> =>
    engine.shown({ decode }, { ...own, payload });
  const unwrapped = {
    bytes: [1, 2, 255],
    fPort: 3,
    recvTime: "2025-02-01T10:00:00.123Z",
    variables: { room: "101", fPort: 99 },
  };

  test("The Things Stack v3", async () => {
    expect(await read(theThingsStack)).toEqual(unwrapped);
  });

  test("ChirpStack v4", async () => {
    expect(await read(chirpStack)).toEqual(unwrapped);
  });

  test("for each entry point of the dialect", async () => {
    for (const payload of [theThingsStack, chirpStack]) {
      expect(await read(payload, "function Decoder(bytes, port) { return [bytes, port] }")).toEqual([
        [1, 2, 255],
        3,
      ]);
      expect(await read(payload, "function Decode(fPort, bytes) { return [bytes, fPort] }")).toEqual([
        [1, 2, 255],
        3,
      ]);
    }
  });

  test("not for Millrace's own `decode`, which gets the document", async () => {
    expect(await read(chirpStack, "function decode(p) { return p.fPort }")).toBe(3);
  });

  test("The Things Stack's outer time where the inner is missing, and the event's where both are, or cannot be read", async () => {
    const { received_at: _inner, ...message } = theThingsStack.uplink_message;
    const { received_at: _outer, ...rest } = theThingsStack;
    expect(await read({ ...theThingsStack, uplink_message: message })).toMatchObject({
      recvTime: "2025-02-01T10:00:01.500Z",
    });
    const bare = { ...rest, uplink_message: message };
    expect(await read(bare)).toMatchObject({ recvTime: "2025-02-28T22:00:00.000Z" });
    const unread = { ...rest, uplink_message: { ...message, received_at: "just now" } };
    expect(await read(unread)).toMatchObject({ recvTime: "2025-02-28T22:00:00.000Z" });
    expect(await read({ ...chirpStack, time: "just now" })).toMatchObject({
      recvTime: "2025-02-28T22:00:00.000Z",
    });
  });

  test("an empty frame, which both leave out of the document", async () => {
    const { frm_payload: _frame, ...message } = theThingsStack.uplink_message;
    const { data: _data, ...uplinkEvent } = chirpStack;
    expect(await read({ ...theThingsStack, uplink_message: message })).toEqual({ ...unwrapped, bytes: [] });
    expect(await read(uplinkEvent)).toEqual({ ...unwrapped, bytes: [] });
  });

  test("a port that the document leaves out is the event's own", async () => {
    const { fPort: _port, ...uplinkEvent } = chirpStack;
    expect(await read(uplinkEvent)).toMatchObject({ fPort: 99 });
  });

  test("no other document is one, though it has some of the names", async () => {
    const decode = uplink("return { data: input.bytes.length }");
    for (const payload of [
      { data: "AQL/" },
      { deviceInfo: {}, status: 1 },
      { uplink_message: 1 },
      [],
      1,
      null,
    ]) {
      expect(await read(payload as object, decode)).toBe(JSON.stringify(payload).length);
    }
  });
});
