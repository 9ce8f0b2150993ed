/** @file The safetensors reader with well-formed files and with every kind of wrong header. */
import { describe, expect, test } from "vitest";
import { bytesAccess } from "./random-access.ts";
import { parseSafetensorsHeader, readSafetensorsHeader } from "./safetensors.ts";

const GOOD =
  '{"__metadata__":{"format":"pt"},"a":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},"b":{"dtype":"I64","shape":[],"data_offsets":[12,20]}}';

test("tensors are located by absolute offsets, scalars included", async () => {
  const header = await readSafetensorsHeader(bytesAccess(file(GOOD, 20)));
  const start = 8 + GOOD.length;
  expect(header.metadata).toEqual({ format: "pt" });
  expect([...header.tensors]).toEqual([
    ["a", { dtype: "F16", shape: [2, 3], offset: start, length: 12 }],
    ["b", { dtype: "I64", shape: [], offset: start + 12, length: 8 }],
  ]);
});

test("tensors may be in another order than in the header, and the header may be padded", async () => {
  const json = `{"a":${entry(4, 8)},"b":${entry(0, 4)}}   `;
  const header = await readSafetensorsHeader(bytesAccess(file(json, 8)));
  expect(header.tensors.get("a")?.offset).toBe(8 + json.length + 4);
});

describe("a wrong header is refused with the fault", () => {
  const cases: [name: string, bytes: Uint8Array, code: string, says: RegExp][] = [
    ["an empty file", new Uint8Array(0), "SAFETENSORS_TRUNCATED", /0 bytes/],
    [
      "a pickle",
      new TextEncoder().encode("PK\u0003\u0004 archive/data.pkl"),
      "SAFETENSORS_NOT",
      /not a safetensors file/,
    ],
    ["a header longer than the file", file(GOOD, 0).subarray(0, 60), "SAFETENSORS_TRUNCATED", /cut short/],
    ["data cut short", file(GOOD, 19), "SAFETENSORS_TRUNCATED", /"b" should end at byte/],
    ["bytes after the last tensor", file(GOOD, 21), "SAFETENSORS_HEADER", /1 bytes at the end/],
    ["broken JSON", file('{"a":', 0), "SAFETENSORS_NOT", /not JSON/],
    ["JSON that is no object", file("[1]", 0), "SAFETENSORS_NOT", /not a JSON object/],
    ["text that is not UTF-8", withHeader(Uint8Array.of(0x7b, 0xff, 0x7d), 0), "SAFETENSORS_NOT", /not JSON/],
    ["an entry that is no object", file('{"a":3}', 0), "SAFETENSORS_HEADER", /"a".*not an object/],
    [
      "an unknown element type",
      file('{"a":{"dtype":"F12","shape":[1],"data_offsets":[0,4]}}', 4),
      "SAFETENSORS_HEADER",
      /F12/,
    ],
    [
      "an inherited name as element type",
      file('{"a":{"dtype":"toString","shape":[1],"data_offsets":[0,4]}}', 4),
      "SAFETENSORS_HEADER",
      /toString/,
    ],
    [
      "a negative size",
      file('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4),
      "SAFETENSORS_HEADER",
      /shape \[-1\]/,
    ],
    [
      "a fractional size",
      file('{"a":{"dtype":"F32","shape":[0.5],"data_offsets":[0,2]}}', 2),
      "SAFETENSORS_HEADER",
      /shape/,
    ],
    [
      "too many dimensions",
      file('{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}', 4),
      "SAFETENSORS_HEADER",
      /at most 8/,
    ],
    [
      "one offset",
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}', 4),
      "SAFETENSORS_HEADER",
      /two positions/,
    ],
    [
      "a span that does not fit the shape",
      file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4),
      "SAFETENSORS_HEADER",
      /takes 8 bytes, but its data_offsets span 4/,
    ],
    [
      "offsets that run backwards",
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}', 4),
      "SAFETENSORS_HEADER",
      /span -4/,
    ],
    [
      "a product beyond exact integers",
      file('{"a":{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,4]}}', 4),
      "SAFETENSORS_HEADER",
      /span 4/,
    ],
    [
      "overlapping tensors",
      file(`{"a":${entry(0, 4)},"b":${entry(0, 4)}}`, 4),
      "SAFETENSORS_HEADER",
      /"b".*overlaps that of "a"/,
    ],
    [
      "a hole between tensors",
      file(`{"a":${entry(0, 4)},"b":${entry(8, 12)}}`, 12),
      "SAFETENSORS_HEADER",
      /4 bytes before its data/,
    ],
    ["a key named twice", file(`{"a":${entry(0, 4)},"a":${entry(0, 4)}}`, 4), "SAFETENSORS_HEADER", /"a" twice/],
    [
      "a key named twice, once escaped",
      file(`{"a":${entry(0, 4)},"\\u0061":${entry(0, 4)}}`, 4),
      "SAFETENSORS_HEADER",
      /"a" twice/,
    ],
    [
      "a field named twice",
      file('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      "SAFETENSORS_HEADER",
      /"dtype" twice/,
    ],
    ["metadata that is no text", file('{"__metadata__":{"n":1}}', 0), "SAFETENSORS_HEADER", /__metadata__/],
  ];
  test.each(cases)("%s", async (...[, bytes, code, says]) => {
    await expect(readSafetensorsHeader(bytesAccess(bytes))).rejects.toMatchObject({
      name: "LexemeError",
      code,
      message: says,
    });
  });
});

test("a good file cut at any byte is refused", async () => {
  const whole = file(GOOD, 20);
  for (let length = 0; length < whole.length; length++) {
    // eslint-disable-next-line no-await-in-loop -- the first failing length must be visible
    await expect(
      readSafetensorsHeader(bytesAccess(whole.subarray(0, length))),
      `${length} bytes`,
    ).rejects.toMatchObject({
      name: "LexemeError",
    });
  }
});

test("keys that repeat in different objects, or texts that look like keys, are no duplicates", () => {
  const json = `{"__metadata__":{"a":"{\\"a\\":1,\\"a\\":2}","b":"a"},"a":${entry(0, 4)},"b":${entry(4, 8)}}`;
  expect(parseSafetensorsHeader(new TextEncoder().encode(json), 8 + json.length + 8).tensors.size).toBe(2);
});

function entry(begin: number, end: number): string {
  return `{"dtype":"F32","shape":[${(end - begin) / 4}],"data_offsets":[${begin},${end}]}`;
}

function file(json: string, dataBytes: number): Uint8Array {
  return withHeader(new TextEncoder().encode(json), dataBytes);
}

function withHeader(json: Uint8Array, dataBytes: number): Uint8Array {
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
