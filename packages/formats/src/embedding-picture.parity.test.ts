/** @file Embeddings in pictures, compared with an independent encoder and decoder (`fixtures/embedding-pictures.py`), which also read our pictures. */
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { fromBase64, toBase64 } from "./base64.ts";
import { embeddingFromJson, embeddingToJson } from "./embedding-json.ts";
import { findInPixels, hideInPixels, pictureBetweenBlocks, type RgbPicture } from "./embedding-pixels.ts";
import { readEmbeddingPicture } from "./embedding-picture.ts";
import { writeEmbeddingCard } from "./node/index.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/pictures/${name}`, import.meta.url)));
const table = Array.from({ length: 24 }, (_, i) => i / 8 - 2);
const facts = { count: 3, width: 8, step: 499, sdCheckpoint: "6ce0161689", sdCheckpointName: "v1-5" };

async function decode(bytes: Uint8Array): Promise<RgbPicture> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}
const read = (bytes: Uint8Array) => readEmbeddingPicture(bytes, { decode: () => decode(bytes), pause });
const pause = async () => undefined;

describe("readEmbeddingPicture", () => {
  it.each([
    ["text.png", "by-text-499"],
    ["pixels.png", "by-pixels-499"],
    ["pixels.webp", "by-pixels-499"],
    ["pixels-alpha.png", "by-pixels-499"],
    ["pixels-bordered.png", "by-pixels-499"],
    ["both.png", "by-text-499"],
  ])("%s holds %s", async (file, name) => {
    const found = await read(fixture(file));
    expect(found?.name).toBe(name);
    const { vectors, ...rest } = await found!.words[0]!.read();
    expect({ ...rest, vectors: [...vectors] }).toEqual({ ...facts, vectors: table, innerName: name });
  });

  it("with a text the pixels are not decoded", async () => {
    const unwanted = () => Promise.reject(new Error("decoded"));
    expect(await readEmbeddingPicture(fixture("text.png"), { decode: unwanted, pause })).toMatchObject({
      name: "by-text-499",
    });
  });

  it.each(["photo.png", "stripes.png", "pixels-lossy.webp"])("%s holds no embedding and is no error", async (file) => {
    expect(await read(fixture(file))).toBeUndefined();
  });

  it.each([
    ["broken-pixels.png", "EMBEDDING_UNREADABLE", "was changed, for example"],
    ["broken-text.png", "EMBEDDING_UNREADABLE", "not base64"],
    ["nan.png", "EMBEDDING_NOT_FINITE", "NaN"],
    ["ragged.png", "EMBEDDING_UNREADABLE", "not a table of numbers"],
  ])("%s holds a damaged embedding, which is an error", async (file, code, what) => {
    await expect(read(fixture(file))).rejects.toMatchObject({ code, message: expect.stringContaining(what) });
  });
});

describe("writing", () => {
  const embedding = {
    vectors: Float32Array.from(table),
    name: "größe <1>",
    ...facts,
    sdCheckpoint: undefined,
  };

  it("hides the same bits in the same places as the independent encoder", async () => {
    const theirs = await decode(fixture("pixels.png"));
    const payload = (await findInPixels(theirs, pause))!;
    // Without the padding after the zlib data: the JSON inflates from a prefix, so the test takes the longest prefix with the same padding.
    const photo = await decode(fixture("photo.png"));
    const lengths = Array.from({ length: 300 }, (_, i) => payload.length - 1 - i);
    const same = lengths.some((length) => {
      const ours = hideInPixels(photo, payload.subarray(0, length), Uint8Array.of(80));
      return ours.width === theirs.width && ours.rgb.every((value, i) => (value & 15) === (theirs.rgb[i]! & 15));
    });
    expect(same).toBe(true);
  });

  it("gives the picture between the blocks back, except for black corners", async () => {
    const photo = await decode(fixture("photo.png"));
    const { rgb, ...size } = pictureBetweenBlocks(hideInPixels(photo, Uint8Array.of(1, 2, 3), Uint8Array.of(255)));
    expect(size).toEqual({ width: photo.width, height: photo.height });
    expect(Buffer.from(rgb).equals(Buffer.from(photo.rgb))).toBe(true);
  });

  it.each([5, 17, 64])("is found beside a black picture %d pixels high", async (height) => {
    const payload = Uint8Array.from({ length: 40 }, (_, i) => (i * 37) & 255);
    const black = { width: 9, height, rgb: new Uint8Array(9 * height * 3) };
    const found = (await findInPixels(hideInPixels(black, payload, Uint8Array.of(0)), pause))!;
    expect([...found.subarray(0, 40)]).toEqual([...payload]);
  });

  it.each(["photo.png", undefined])("a card of %s carries the embedding twice, and has captions", async (file) => {
    const card = await writeEmbeddingCard(file === undefined ? undefined : fixture(file), embedding);
    const byText = await read(card);
    // A chat program keeps only the pixels of a PNG.
    const stripped = new Uint8Array(await sharp(card).png().toBuffer());
    const byPixels = await read(stripped);
    for (const found of [byText, byPixels]) {
      expect(found?.name).toBe("größe <1>");
      const { vectors, innerName: _, ...rest } = await found!.words[0]!.read();
      expect({ ...rest, vectors }).toEqual({ ...facts, sdCheckpoint: undefined, vectors: embedding.vectors });
    }
    const { width, height } = pictureBetweenBlocks(await decode(card));
    expect(Math.max(width, height)).toBe(512);
  });

  it("writes the card that the independent decoder has read from text and pixels", async () => {
    const card = fixture("written-card.png");
    const [byText, byPixels] = [await read(card), await read(new Uint8Array(await sharp(card).png().toBuffer()))];
    expect(byText?.name).toBe("mira");
    expect((await byPixels!.words[0]!.read()).vectors).toEqual((await byText!.words[0]!.read()).vectors);
  });

  it("JSON keeps every bit of a float32", async () => {
    const vectors = Float32Array.of(0.1, -1e-30, 3.4e38, 1 / 3);
    const json = embeddingToJson({ ...embedding, vectors, count: 2, width: 2 });
    const [word] = embeddingFromJson(json).words;
    expect((await word!.read()).vectors).toEqual(vectors);
  });

  it.each(["", "a", "ab", "abc", "abcd"])("base64 of %j equals Node's", (text) => {
    const bytes = new TextEncoder().encode(text);
    expect(toBase64(bytes)).toBe(Buffer.from(text).toString("base64"));
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    expect(fromBase64("a")).toBeUndefined();
  });
});
