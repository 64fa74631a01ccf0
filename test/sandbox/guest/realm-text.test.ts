import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inNode } from "./in-node.ts";
import { openRealm } from "./realm-isolate.ts";

const realm = openRealm("sealed");

function sameAsNode(source: string): void {
  const outcome = realm.run(source);
  expect(outcome.thrown, source).toBeUndefined();
  expect(outcome.value, source).toEqual(inNode(source));
}

const anyText = fc.string({ unit: "binary", maxLength: 30 });

describe("TextEncoder and TextDecoder", () => {
  it("encode any text as Node does, whole or into a given array", () => {
    fc.assert(
      fc.property(anyText, fc.nat(20), (text, room) => {
        const literal = JSON.stringify(text);
        sameAsNode(
          `var a = new Uint8Array(${room}); return [Array.from(new TextEncoder().encode(${literal})), new TextEncoder().encodeInto(${literal}, a), Array.from(a)]`,
        );
      }),
      { numRuns: 100 },
    );
  });

  it("read lone surrogates as the replacement character", () => {
    sameAsNode("return Array.from(new TextEncoder().encode('a\\ud800b\\udc00\\ud83d'))");
  });

  it.each(["utf-8", "utf-16le", "windows-1252", "ascii"])(
    "decode any bytes from %s as Node does, at once or in pieces",
    (label) => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 30 }), fc.nat(30), (bytes, cut) => {
          sameAsNode(
            `var b = new Uint8Array([${bytes.join(",")}]), d = new TextDecoder("${label}"); ` +
              `return [d.decode(b), d.decode(b.subarray(0, ${cut}), { stream: true }), d.decode(b.subarray(${cut})), d.decode(), d.encoding]`,
          );
        }),
        { numRuns: 150 },
      );
    },
  );

  it("throw a TypeError for malformed input only where that is asked for", () => {
    expect(
      realm.run("return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xc3]))").thrown,
    ).toMatch(/^TypeError: /);
    expect(realm.run("return new TextDecoder().decode(new Uint8Array([0xc3]))").value).toBe("\ufffd");
  });

  it("drop a byte order mark unless told to keep it", () => {
    sameAsNode(
      "var b = new Uint8Array([0xef,0xbb,0xbf,65]); return [new TextDecoder().decode(b), new TextDecoder('utf8', { ignoreBOM: true }).decode(b)]",
    );
  });

  it("refuse an encoding that they do not know", () => {
    expect(realm.run("return new TextDecoder('koi8-r')").thrown).toMatch(/^RangeError: /);
  });
});

describe("atob and btoa", () => {
  it("turn any latin1 text into base64 and back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
        sameAsNode(
          `var s = String.fromCharCode.apply(null, [${bytes.join(",")}]); return [btoa(s), atob(btoa(s)) === s]`,
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    "YQ==YQ==",
    "YQ=YQ",
    "Y",
    "YQ",
    "YWI",
    "Y W\\nJj",
    "YW*Jj",
    "_-_-",
    "YWJjZ",
    "=YQ",
    "Y=Q=",
    "",
    "YWJjZA=",
    "====",
  ])("take or refuse %j as Node does", (text) =>
    sameAsNode(`try { return atob("${text}") } catch (e) { return e.name }`),
  );

  it("refuse characters beyond latin1", () => {
    expect(
      realm.run("try { return btoa('\u20ac') } catch (e) { return [e.name, e instanceof Error] }").value,
    ).toEqual(["InvalidCharacterError", true]);
  });
});

describe("structuredClone", () => {
  it.each([
    "{ a: [1, , 3], b: { c: null, d: undefined }, e: -0, f: 'x', g: NaN }",
    "new Map([[{ k: 1 }, new Set([1, 'a'])]])",
    "new Date(5)",
    "/a(b)/gi",
    "new Uint16Array([1, 2, 3]).subarray(1)",
    "new DataView(new Uint8Array([1, 2, 3]).buffer, 1)",
    "new Float16Array([1.5])",
    "Object(5n)",
    "[new String('s'), new Number(1), new Boolean(false)]",
    "Object.assign(new TypeError('bad'), { extra: 1 })",
    "new RangeError('x', { cause: { y: 1 } })",
    "Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true }, hidden: { value: 2 } })",
  ])("copies %s as Node does", (literal) => {
    const look = `function look(v) {
      if (typeof v !== 'object' || v === null) return Object.is(v, -0) ? '-0' : String(v);
      var tag = Object.prototype.toString.call(v), out = { tag: tag, keys: Object.keys(v).map(function (k) { return [k, look(v[k])] }) };
      if (v instanceof Map) out.items = Array.from(v).map(look); if (v instanceof Set) out.items = Array.from(v).map(look);
      if (v instanceof Date) out.time = +v; if (v instanceof RegExp) out.text = String(v); if (v instanceof Error) out.error = [v.name, v.message, look(v.cause)];
      if (v instanceof DataView) out.view = [v.byteOffset, v.getUint8(0)]; if (tag === '[object BigInt]') out.text = String(v);
      if (/String|Number|Boolean/.test(tag)) out.text = String(v); return out }`;
    sameAsNode(`${look}; return look(structuredClone(${literal}))`);
  });

  it("keeps cycles and shared parts, and shares nothing with the original", () => {
    sameAsNode(
      "var s = {}, o = { a: s, b: s }; o.self = o; var c = structuredClone(o); return [c.self === c, c.a === c.b, c.a !== s, c !== o]",
    );
    sameAsNode(
      "var b = new Uint8Array(4), c = structuredClone([b, b.subarray(1), b.buffer]); c[0][1] = 9; return [c[1][0], new Uint8Array(c[2])[1], b[1]]",
    );
  });

  it.each(["function () {}", "Symbol()", "{ f: function () {} }", "new WeakMap()", "new Proxy({}, {})"])(
    "refuses %s",
    (literal) => {
      expect(
        realm.run(`try { structuredClone(${literal}) } catch (e) { return [e.name, e instanceof Error] }`)
          .value,
      ).toEqual(["DataCloneError", true]);
    },
  );
});
