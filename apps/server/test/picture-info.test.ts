/** @file PNG Info: PNG, JPEG and WebP, from a path and uploaded, from A1111 and from ComfyUI. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { writePngText } from "@lexeme/formats";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPictureFacts } from "../src/library/pictures/picture-facts.ts";
import { testApp, type TestApp } from "./test-app.ts";

const INFOTEXT =
  "a café, 猫\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 512x384";
/** sharp writes only plain letters into EXIF. */
const PLAIN = INFOTEXT.replace("é, 猫", "e");

let app: TestApp;
let png: Buffer;
beforeAll(async () => {
  app = await testApp();
  png = await sharp({ create: { width: 16, height: 8, channels: 3, background: "#fff" } })
    .png()
    .toBuffer();
}, 120_000);
afterAll(() => app.end(), 30_000);

function upload(name: string, content: Buffer) {
  const boundary = "----picture";
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="picture"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return app.server.inject({
    method: "POST",
    url: "/api/picture-info",
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    payload: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  });
}

describe("an uploaded picture", () => {
  test("a PNG's infotext comes with its settings", async () => {
    const response = await upload("a.png", Buffer.from(writePngText(png, { keyword: "parameters", text: INFOTEXT })));
    expect(response.json()).toMatchObject({
      width: 16,
      height: 8,
      kind: "infotext",
      infotext: INFOTEXT,
      prompt: "a café, 猫",
      negativePrompt: "blurry",
      parameters: { Steps: "20", Sampler: "Euler a", "Size-1": "512" },
    });
  });

  test.each(["commented.jpg", "commented.webp"])("%s has it in EXIF", async (name) => {
    const picture = await readFile(new URL(`fixtures/${name}`, import.meta.url));
    expect((await upload(name, picture)).json()).toMatchObject({ kind: "infotext", infotext: INFOTEXT });
  });

  test.each<[string, () => Promise<Uint8Array>]>([
    ["a GIF's comment", async () => gifWithComment(await sharp(png).gif().toBuffer(), INFOTEXT)],
    ["a JPEG's comment", async () => jpegWithComment(await sharp(png).jpeg().toBuffer(), INFOTEXT)],
    [
      "an AVIF's EXIF",
      () =>
        sharp(png)
          .withExif({ IFD2: { UserComment: PLAIN } })
          .avif()
          .toBuffer(),
    ],
    [
      "a WebP's EXIF",
      () =>
        sharp(png)
          .withExif({ IFD2: { UserComment: PLAIN } })
          .webp()
          .toBuffer(),
    ],
    [
      "a PNG's EXIF",
      () =>
        sharp(png)
          .withExif({ IFD2: { UserComment: PLAIN } })
          .png()
          .toBuffer(),
    ],
    ["a PNG's text behind its pixels", async () => withChunk(png, textChunk(INFOTEXT), "IEND")],
    ["a PNG's packed text", async () => withChunk(png, packedChunk(INFOTEXT), "IDAT")],
    [
      "a PNG's text behind 9 MB of other data",
      async () => withChunk(withChunk(png, chunk("prVt", randomBytes(9 << 20)), "IDAT"), textChunk(INFOTEXT), "IDAT"),
    ],
  ])("%s is read", async (place, make) => {
    const picture = Buffer.from(await make());
    const infotext = place.endsWith("EXIF") ? PLAIN : INFOTEXT;
    expect((await upload("a.picture", picture)).json()).toMatchObject({ kind: "infotext", infotext });
    const answer = await app.server.inject({
      method: "POST",
      url: "/sdapi/v1/png-info",
      payload: { image: picture.toString("base64") },
    });
    expect(answer.json()).toMatchObject({ info: infotext, parameters: { Seed: "5" } });
  });

  test("a program's name in a comment is no infotext", async () => {
    const picture = Buffer.from(jpegWithComment(await sharp(png).jpeg().toBuffer(), "CREATOR: gd-jpeg v1.0"));
    expect((await upload("a.jpg", picture)).json()).toMatchObject({ kind: "none", infotext: null });
  });

  test("NovelAI's settings are an infotext as in A1111; InvokeAI's picture says who made it", async () => {
    const comment = { steps: 28, sampler: "k_dpmpp_2m", seed: 2_147_483_648, scale: 5.5, uc: "blurry, bad" };
    let novel: Uint8Array = writePngText(png, { keyword: "Comment", text: JSON.stringify(comment) });
    for (const [keyword, text] of [
      ["Software", "NovelAI"],
      ["Description", "a cat, {{best}}"],
    ] as const) {
      novel = writePngText(novel, { keyword, text });
    }
    expect((await upload("novel.png", Buffer.from(novel))).json()).toMatchObject({
      kind: "infotext",
      program: "NovelAI",
      infotext:
        "a cat, {{best}}\nNegative prompt: blurry, bad\nSteps: 28, Sampler: DPM++ 2M, CFG scale: 5.5, Seed: 2147483648, Size: 16x8, Clip skip: 2, ENSD: 31337",
    });
    const broken = Buffer.from(writePngText(novel, { keyword: "Comment", text: '{"steps":' }));
    expect((await upload("novel.png", broken)).json()).toMatchObject({ kind: "workflow", program: "NovelAI" });
    const invoke = Buffer.from(
      writePngText(png, { keyword: "invokeai_metadata", text: '{"positive_prompt":"a cat"}' }),
    );
    expect((await upload("invoke.png", invoke)).json()).toMatchObject({ kind: "workflow", program: "InvokeAI" });
  });

  test("a picture with only a workflow is reported as such, and a picture without texts has no information", async () => {
    const graph = Buffer.from(writePngText(png, { keyword: "workflow", text: '{"nodes":[]}' }));
    expect((await upload("comfy.png", graph)).json()).toMatchObject({
      kind: "workflow",
      program: "ComfyUI",
      infotext: null,
    });
    expect((await upload("bare.png", png)).json()).toMatchObject({ kind: "none", infotext: null, parameters: {} });
  });

  test.each([
    ["a text", "nothing of the kind"],
    ["an empty file", ""],
  ])("%s is refused by name", async (_what, content) => {
    const response = await upload("notes.txt", Buffer.from(content));
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ code: "NOT_A_PICTURE", message: expect.stringContaining('"notes.txt"') });
  });

  test("a request without a file gets an error that says what to send", async () => {
    const response = await app.server.inject({ method: "POST", url: "/api/picture-info" });
    expect(response.json()).toMatchObject({ code: "REQUEST_MALFORMED" });
  });
});

test("the gallery finds a text behind large chunks and behind the pixels", async () => {
  const folder = join(app.services.folders.outputs, "2026-01-02");
  await mkdir(folder, { recursive: true });
  const path = join(folder, "00000-5.png");
  for (const before of ["IDAT", "IEND"]) {
    const large = withChunk(png, chunk("prVt", randomBytes(2 << 20)), "IDAT");
    await writeFile(path, withChunk(large, textChunk(INFOTEXT), before));
    expect((await readPictureFacts(path)).infotext).toBe(INFOTEXT);
  }
});

/** A PNG chunk. Readers of texts do not check the checksum of a chunk that they do not know. */
function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

function textChunk(text: string): Buffer {
  return chunk("iTXt", Buffer.concat([Buffer.from("parameters\0\0\0\0\0"), Buffer.from(text)]));
}

function packedChunk(text: string): Buffer {
  return chunk("iTXt", Buffer.concat([Buffer.from("parameters\0\u0001\0\0\0"), deflateSync(Buffer.from(text))]));
}

/** The PNG with a chunk in front of its first chunk of the type `before`. */
function withChunk(whole: Buffer, added: Buffer, before: string): Buffer {
  const at = whole.indexOf(before, 0, "latin1") - 4;
  return Buffer.concat([whole.subarray(0, at), added, whole.subarray(at)]);
}

function gifWithComment(gif: Buffer, text: string): Buffer {
  const bytes = Buffer.from(text);
  const blocks = Array.from({ length: Math.ceil(bytes.length / 255) }, (_, i) =>
    bytes.subarray(i * 255, (i + 1) * 255),
  );
  const packed = blocks.flatMap((block) => [Buffer.from([block.length]), block]);
  return Buffer.concat([gif.subarray(0, -1), Buffer.from([0x21, 0xfe]), ...packed, Buffer.from([0, 0x3b])]);
}

function jpegWithComment(jpeg: Buffer, text: string): Buffer {
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(Buffer.byteLength(text) + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, Buffer.from(text), jpeg.subarray(2)]);
}

describe("a picture inside the roots", () => {
  test("is read by its path; a picture outside is refused", async () => {
    const folder = join(app.services.folders.outputs, "2026-01-01");
    await mkdir(folder, { recursive: true });
    const path = join(folder, "00000-5.png");
    await writeFile(path, writePngText(png, { keyword: "parameters", text: INFOTEXT }));
    const url = (of: string) => `/api/picture-info?path=${encodeURIComponent(of)}`;
    expect((await app.server.inject(url(path))).json()).toMatchObject({ kind: "infotext", prompt: "a café, 猫" });
    expect((await app.server.inject(url("/etc/hostname"))).json()).toMatchObject({ code: "PATH_OUTSIDE" });
  });
});
