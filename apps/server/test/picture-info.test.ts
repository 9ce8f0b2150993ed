/** @file PNG Info: PNG, JPEG and WebP, from a path and uploaded, from A1111 and from ComfyUI. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writePngText } from "@lexeme/formats";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testApp, type TestApp } from "./test-app.ts";

const INFOTEXT =
  "a café, 猫\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 512x384";

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

  test("a picture with only a workflow is reported as such, and a picture without texts has no information", async () => {
    const graph = Buffer.from(writePngText(png, { keyword: "workflow", text: '{"nodes":[]}' }));
    expect((await upload("comfy.png", graph)).json()).toMatchObject({ kind: "workflow", infotext: null });
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
