import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inNode, thrownInNode } from "./in-node.ts";
import { openRealm } from "./realm-isolate.ts";

const realm = openRealm("sealed");

function sameAsNode(source: string): void {
  const outcome = realm.run(source);
  expect(outcome.thrown, source).toBeUndefined();
  expect(outcome.value, source).toEqual(inNode(source));
}

const encodings = ["utf8", "hex", "base64", "base64url", "latin1", "ascii", "utf16le"] as const;
const bytesLiteral = fc.uint8Array({ maxLength: 40 }).map((bytes) => `[${bytes.join(",")}]`);

describe("Buffer", () => {
  it("turns any bytes into text as Node does, malformed UTF-8 included", () => {
    fc.assert(
      fc.property(bytesLiteral, fc.constantFrom(...encodings), fc.nat(12), (bytes, encoding, start) => {
        sameAsNode(
          `var b = Buffer.from(${bytes}); return [b.toString("${encoding}"), b.toString("${encoding}", ${start}, 20)]`,
        );
      }),
      { numRuns: 150 },
    );
  });

  it("turns any text into bytes as Node does", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 24 }),
        fc.constantFrom(...encodings),
        (any, encoding) => {
          // Node itself takes a character above 255 in base64 or hex for another one, depending on how the string is stored.
          const text = /^(?:base64|hex)/.test(encoding) ? any.replace(/[^ -~]/gu, "+") : any;
          const literal = JSON.stringify(text);
          sameAsNode(
            `return [Buffer.from(${literal}, "${encoding}"), Buffer.byteLength(${literal}, "${encoding}")]`,
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each(['"YQ==YQ=="', '"Y"', '"Y W\\nJj"', '"YW*Jj"', '"_-_-"', '"YWJjZ"', '"=YQ"', '"YWJjZA"'])(
    "reads the irregular base64 %s as Node does",
    (text) => {
      sameAsNode(`return [Buffer.from(${text}, "base64"), Buffer.from(${text}, "base64url")]`);
    },
  );

  it.each(['"abc"', '"0g11"', '"0x12"', '"12 34"', '"-1ff"', '" 1"', '"ABCDEF"', '"12\u00e94"'])(
    "stops reading hex at the first fault in %s as Node does",
    (text) => sameAsNode(`return Buffer.from(${text}, "hex")`),
  );

  it("reads and writes numbers of every kind as Node does", () => {
    const fixed = [
      "UInt8",
      "Int8",
      "UInt16LE",
      "UInt16BE",
      "Int16LE",
      "Int16BE",
      "UInt32LE",
      "UInt32BE",
      "Int32LE",
      "Int32BE",
    ];
    const floats = ["FloatLE", "FloatBE", "DoubleLE", "DoubleBE"];
    const big = ["BigInt64LE", "BigInt64BE", "BigUInt64LE", "BigUInt64BE"];
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(8), (bytes, offset) => {
        const reads = [...fixed, ...floats].map((name) => `b.read${name}(${offset})`);
        const bigReads = big.map((name) => `String(b.read${name}(${offset}))`);
        const sized = ["UIntLE", "UIntBE", "IntLE", "IntBE"].flatMap((name) =>
          [1, 3, 6].map((n) => `b.read${name}(${offset}, ${n})`),
        );
        sameAsNode(
          `var b = Buffer.from([${bytes.join(",")}]); return [${[...reads, ...bigReads, ...sized].join(",")}].map(String)`,
        );
      }),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(
        fc.double(),
        fc.float(),
        fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        fc.integer(),
        (double, float, whole, int) => {
          const number = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));
          sameAsNode(
            `var b = Buffer.alloc(48); return [b.writeDoubleBE(${number(double)}, 0), b.writeFloatLE(${number(double)}, 8), b.writeFloatBE(${number(float)}, 12), ` +
              `b.writeBigInt64LE(-${whole}n, 16), b.writeBigUInt64BE(${whole}n, 24), b.writeInt32BE(${int}, 32), b.writeUInt16LE(${int & 0xffff}, 36), b.writeIntBE(${int}, 38, 6), b]`,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    "Buffer.alloc(2).readUInt16BE(1)",
    "Buffer.alloc(3).readFloatLE(0)",
    "Buffer.alloc(8).readDoubleBE(1)",
    "Buffer.alloc(8).readBigInt64LE(8)",
    "Buffer.alloc(1).writeUInt8(256)",
    "Buffer.alloc(1).writeInt8(-129)",
    "Buffer.from(5)",
    "Buffer.from(null)",
    "Buffer.from({})",
    "Buffer.from('a', 'nope')",
    "Buffer.alloc(-1)",
    "Buffer.alloc('1')",
    "Buffer.alloc(8).writeBigInt64LE(5)",
    "Buffer.alloc(8).readFloatLE(1.5)",
    "Buffer.concat('a')",
    "Buffer.alloc(1).equals('a')",
  ])("throws where Node throws: %s", (source) => {
    const { thrown } = realm.run(`return ${source}`);
    expect(thrown?.split(":")[0]).toBe(thrownInNode(`return ${source}`));
  });

  it.each([
    "Buffer.from('h\u00e9llo').slice(1, -1).toString('hex')",
    "var b = Buffer.from([1,2,3]); b.slice(1)[0] = 9; return b",
    "var b = Buffer.from([1,2,3]); b.subarray(-2).fill(7); return b",
    "Buffer.concat([Buffer.from('ab'), new Uint8Array([1])], 4)",
    "Buffer.compare(Buffer.from('a'), Buffer.from('b'))",
    "Buffer.from('abc').equals(new Uint8Array([97,98,99]))",
    "['', 'b', 'bc', 'x'].map(function (s) { var b = Buffer.from('abcbc'); return [b.indexOf(s), b.lastIndexOf(s), b.includes(s), b.indexOf(s, 2), b.indexOf(s, -2)] })",
    "Buffer.from('abc').indexOf(98)",
    "Buffer.from('6261', 'hex').swap16().toString()",
    "Buffer.alloc(5, 'ab')",
    "Buffer.alloc(4).fill('q', 1, 3)",
    "Buffer.from({type: 'Buffer', data: [1, 2]})",
    "Buffer.from(new Uint16Array([256, 257]))",
    "Buffer.from(new Uint8Array([1, 2]).buffer, 1)",
    "Buffer.from([-1, 256, 1.9, '3', NaN, 'x'])",
    "Buffer.from(new String('ab'))",
    "[Buffer.isBuffer(Buffer.alloc(1)), Buffer.isBuffer(new Uint8Array(1)), Buffer.isBuffer({_isBuffer: true})]",
    "var b = Buffer.alloc(1); return [b instanceof Buffer, b instanceof Uint8Array, b.constructor === Buffer, Array.isArray(b)]",
    "Buffer.from([1,2,3]).map(function (x) { return x * 2 }) instanceof Buffer",
    "Array.from(Buffer.from([1,2])).concat([].slice.call(Buffer.from([3])))",
    "var b = Buffer.alloc(6); return [b.write('h\u00e9'), b.write('zz', 4), b.write('ff', 3, 'hex'), b.write('abcdef', 0, 2), b]",
    "Buffer.from('abc').toJSON()",
    "Buffer.from('a\u20acb').toString('utf8', 1, 3).length",
    "String(Buffer.from('ok'))",
    "['utf8', 'UTF-8', 'binary', 'Base64', 'base64url', 'nope', ''].map(Buffer.isEncoding)",
    "Buffer.from(Buffer.from('x')).toString()",
    "Buffer.from('abcd').readUint32BE().toString(16)",
    "Buffer.from([...Buffer.from('hi').entries()].map(String).join())",
  ])("works as in Node: %s", (source) => {
    sameAsNode(source.includes("return") && source.startsWith("var") ? source : `return ${source}`);
  });

  it("can be called with and without new, as old codecs do", () => {
    expect(
      realm.run(
        "return [new Buffer('a').toString(), Buffer('b').toString(), new Buffer([1, 2]), new Buffer(2)]",
      ).value,
    ).toEqual(["a", "b", { type: "Buffer", data: [1, 2] }, { type: "Buffer", data: [0, 0] }]);
  });

  it("has no memory in common with any other Buffer", () => {
    const source =
      "return [Buffer.from('a'), Buffer.from([1]), Buffer.alloc(3), Buffer.allocUnsafe(2)].map(function (b) { return b.buffer.byteLength })";
    expect(realm.run(source).value).toEqual([1, 1, 3, 2]);
    expect(
      realm.run("return Array.from(Buffer.allocUnsafe(200)).every(function (x) { return x === 0 })").value,
    ).toBe(true);
  });
});

describe("a payload's Buffer", () => {
  it.each([0, 1, 31, 32, 33, 64, 65, 500])(
    "of %i bytes holds its part of the crossing and nothing else",
    (length) => {
      const bytes = Uint8Array.from({ length: 700 }, (_, index) => index * 7);
      const source =
        "return [Buffer.isBuffer(buffer), Array.from(buffer), buffer.buffer.byteLength, buffer.byteOffset, buffer.buffer === other.buffer]";
      const expected = [true, [...bytes.subarray(100, 100 + length)], length, 0, false];
      expect(realm.withBuffer(source, bytes, 100, length)).toEqual(expected);
    },
  );

  it("is made without asking anything that an author may have replaced", () => {
    const fresh = openRealm("fresh");
    fresh.run(`var proto = Object.getPrototypeOf(Uint8Array.prototype);
      ["length", "buffer", "byteOffset"].forEach(function (name) {
        Object.defineProperty(proto, name, { get: function () { stolen = this; return 0 } });
      });
      proto.set = function () { stolen = this };
      Object.defineProperty(Uint8Array, Symbol.species, { get: function () { stolen = this } });
      stolen = null;`);
    expect(
      fresh.withBuffer(
        "return [typeof stolen, stolen === null, buffer[0], buffer[99]]",
        new Uint8Array(200).fill(5),
        50,
        100,
      ),
    ).toEqual(["object", true, 5, 5]);
  });
});
