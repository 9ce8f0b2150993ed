/** @file Embeddings from torch, diffusers and safetensors (`fixtures/embeddings.py`), and our own, which that script checks with torch. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { embeddingShortHash } from "./embedding-hash.ts";
import { bytesAccess } from "./random-access.ts";
import { readTextualInversion, type TextualInversion } from "./textual-inversion.ts";
import {
  writeTextualInversionPt,
  writeTextualInversionSafetensors,
  type TextualInversionToWrite,
} from "./write-textual-inversion.ts";

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const read = (name: string) => readTextualInversion(bytesAccess(fixture(name)));
const table = Array.from({ length: 24 }, (_, i) => i / 8 - 2);
/** The content of `written.pt` and `written.safetensors`; `embeddings.py check` loads both with torch. */
const written: TextualInversionToWrite = {
  vectors: Float32Array.from(table),
  count: 3,
  width: 8,
  name: "größe-500",
  step: 70000,
  sdCheckpoint: "6ce0161689",
  sdCheckpointName: undefined,
};

describe("readTextualInversion", () => {
  it.each(["a1111.pt", "a1111-legacy.pt"])("%s: vectors, step and checkpoint", async (name) => {
    const got = await read(name);
    expect({ ...got, vectors: [...got.vectors] }).toEqual({
      vectors: table,
      count: 3,
      width: 8,
      step: 499,
      sdCheckpoint: "6ce0161689",
      sdCheckpointName: "v1-5",
      innerName: "inner",
    } satisfies Omit<TextualInversion, "vectors"> & { vectors: number[] });
  });

  it.each([
    "rinongal.pt",
    "rinongal-legacy.pt",
    "diffusers-numbered.bin",
    "half.pt",
    "emb_params.safetensors",
    "onetrainer.safetensors",
  ])("%s: the same table", async (name) => {
    const { vectors, count, width, step } = await read(name);
    expect([count, width, ...vectors]).toEqual([3, 8, ...table]);
    if (name !== "half.pt") expect(step).toBeUndefined();
  });

  it("a single row and a strided view", async () => {
    expect([...(await read("diffusers-one-row.bin")).vectors]).toEqual(table.slice(0, 8));
    const columns = Array.from({ length: 24 }, (_, i) => table[(i % 8) * 3 + Math.floor(i / 8)]);
    expect([...(await read("transposed.pt")).vectors]).toEqual(columns);
  });

  it.each(["harmful.pt", "harmful-legacy.pt"])("%s is refused by name and runs nothing", async (name) => {
    await expect(read(name)).rejects.toMatchObject({
      code: "PICKLE_FORBIDDEN",
      message: expect.stringContaining('"posix.system"'),
    });
    expect(existsSync("/tmp/harmful-pickle-ran")).toBe(false);
  });

  it("names the reason for files that cannot be used", async () => {
    await expect(read("sdxl.safetensors")).rejects.toMatchObject({ code: "EMBEDDING_FOR_SDXL" });
    await expect(read("two-words.bin")).rejects.toMatchObject({
      code: "EMBEDDING_UNREADABLE",
      message: expect.stringContaining("2 words (a, b)"),
    });
    const text = readTextualInversion(bytesAccess(Buffer.from("just some text, no tensors at all")));
    await expect(text).rejects.toMatchObject({
      code: "EMBEDDING_UNREADABLE",
      message: expect.stringContaining("neither a file that torch wrote nor a safetensors file"),
    });
  });

  it.each(["a1111.pt", "a1111-legacy.pt", "written.pt", "emb_params.safetensors"])(
    "%s cut short anywhere is an error of ours, never a crash or half an embedding",
    async (name) => {
      const whole = fixture(name);
      for (let length = 0; length < whole.length - 1; length += 7) {
        // eslint-disable-next-line no-await-in-loop -- one after the other keeps the failing length visible.
        await expect(readTextualInversion(bytesAccess(whole.subarray(0, length)))).rejects.toMatchObject({
          name: "LexemeError",
        });
      }
    },
  );
});

describe("writing", () => {
  it("gives exactly the bytes that torch checked", () => {
    expect(Buffer.from(writeTextualInversionPt(written)).equals(fixture("written.pt"))).toBe(true);
    expect(Buffer.from(writeTextualInversionSafetensors(written)).equals(fixture("written.safetensors"))).toBe(true);
  });

  it.each(["written.pt", "written.safetensors"])("reads %s back whole", async (name) => {
    const { innerName, ...got } = await read(name);
    expect({ ...got, name: innerName }).toEqual(written);
  });

  it("aligns the data to 64 bytes, as torch does", () => {
    const file = Buffer.from(writeTextualInversionPt(written));
    expect(file.indexOf(Buffer.from(Float32Array.from(table).buffer)) % 64).toBe(0);
  });

  it("refuses a table that does not match its size", () => {
    expect(() => writeTextualInversionPt({ ...written, count: 4 })).toThrow(TypeError);
    expect(() => writeTextualInversionSafetensors({ ...written, step: -1 })).toThrow(RangeError);
  });
});

describe("hashes", () => {
  it("the short hash is the beginning of the file's sha256", async () => {
    expect(await embeddingShortHash(new Uint8Array(Buffer.from("abc")))).toBe("ba7816bf8f01");
  });
});
