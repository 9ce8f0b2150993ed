/** @file Names, pictures and bodies that are made to do harm: no file is written elsewhere, no data is lost, no request hangs. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";
import { writeEmbeddingCard } from "@lexeme/formats/node";
import type { Embedding, ListedUpscaler } from "@lexeme/protocol";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testApp, type TestApp } from "./test-app.ts";

const FORMATS = fileURLToPath(new URL("../../../packages/formats/src/fixtures/", import.meta.url));

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
}, 120_000);
afterAll(() => app.end(), 60_000);

const post = (url: string, payload: object | string) =>
  app.server.inject({ method: "POST", url, payload, headers: { "content-type": "application/json" } });
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>`;

describe("names", () => {
  test("a training's copy is put in place under a name, never a path", async () => {
    const { embeddings } = app.services.folders;
    const path = join(embeddings, "zed.pt");
    await cp(join(FORMATS, "written.pt"), path);
    for (const name of ["../evil", "..\\evil", "a/b", "/tmp/evil", ".evil", "evil\0"]) {
      const { statusCode } = await post(`/api/embeddings/${encodeURIComponent(name)}/use-copy`, { path });
      expect([name, statusCode]).toEqual([name, 400]);
    }
    expect((await readdir(app.dataDir)).filter((name) => name.includes("evil"))).toEqual([]);
    expect(await readdir(embeddings)).toEqual(["zed.pt"]);
  });

  test("an embedding in a picture whose name is a path is listed and cannot be trained", async () => {
    const { embeddings } = app.services.folders;
    const facts = { count: 1, width: 128, step: 0, sdCheckpoint: undefined, sdCheckpointName: undefined };
    const word = { ...facts, name: "../evil", vectors: new Float32Array(128).fill(0.1) };
    await writeFile(join(embeddings, "shared.png"), await writeEmbeddingCard(undefined, word));
    const settings = { embeddingName: "../evil", dataRoot: DEMO_PHOTOS_DIR, templateFilename: "subject.txt" };
    expect((await post("/api/jobs", { kind: "train-embedding", settings })).json()).toMatchObject({
      code: "EMBEDDING_NAME_UNUSABLE",
      details: { field: "embeddingName" },
    });
    await rm(join(embeddings, "shared.png"));
  });

  test("two files of one name both go to the bin and are both restored", async () => {
    const { embeddings } = app.services.folders;
    await mkdir(join(embeddings, "old"));
    const paths = [join(embeddings, "twin.pt"), join(embeddings, "old", "twin.pt")] as const;
    await cp(join(FORMATS, "written.pt"), paths[0]);
    await cp(join(FORMATS, "a1111.pt"), paths[1]);
    const before = await Promise.all(paths.map((path) => readFile(path)));
    const { undoToken } = (await app.server.inject({ method: "DELETE", url: "/api/embeddings/twin" })).json();
    const left = (await app.server.inject("/api/embeddings")).json<Embedding[]>().map(({ name }) => name);
    expect(left).not.toContain("twin");
    expect((await post("/api/undo", { undoToken })).statusCode).toBe(200);
    expect(await Promise.all(paths.map((path) => readFile(path)))).toEqual(before);
  });

  test.each(["constructor", "__proto__", "toString"])("an upscaler named %s is a file like any other", async (name) => {
    await mkdir(app.services.folders.esrgan, { recursive: true });
    await writeFile(join(app.services.folders.esrgan, `${name}.pth`), "nothing of the kind");
    const answer = await app.server.inject("/api/upscalers");
    expect(answer.statusCode).toBe(200);
    expect(answer.json<ListedUpscaler[]>().map((one) => one.name)).toContain(name);
  });

  test.each(["constructor", "__proto__", "prototype"])("%s is neither an option nor a setting", async (name) => {
    for (const url of ["/sdapi/v1/options", "/api/options/reset"]) {
      const { statusCode } = await post(url, `{"${name}": {"polluted": 1}, "names": ["${name}"]}`);
      expect([url, statusCode >= 400 && statusCode < 500]).toEqual([url, true]);
    }
    const infotext = `a cat\nSteps: 2, ${name}: 3, Seed: 4, toString: 5, valueOf: 6`;
    const drawn = await post("/sdapi/v1/txt2img", { prompt: "done", infotext, override_settings: {} });
    expect(drawn.statusCode).toBe(200);
    expect(Object.keys(drawn.json().parameters)).not.toContain("function Object() { [native code] }");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("pictures", () => {
  test("an SVG drawing is not a picture, whatever its file is named", async () => {
    const { datasets } = app.services.folders;
    const path = join(datasets, "drawing.png");
    await writeFile(path, SVG);
    for (const url of ["/api/thumbnail", "/api/picture-info"]) {
      expect([url, (await app.server.inject({ url, query: { path } })).statusCode]).toEqual([url, 422]);
    }
    const image = Buffer.from(SVG).toString("base64");
    expect((await post("/sdapi/v1/png-info", { image })).statusCode).toBe(422);
  });

  test("texts that grow to gigabytes are dropped", async () => {
    const plain = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    const bomb = deflateSync(new Uint8Array(15 << 20), { level: 9 });
    const chunks = Array.from({ length: 300 }, (_, i) => textChunk(`t${i}`, bomb));
    const image = Buffer.concat([plain.subarray(0, 33), ...chunks, plain.subarray(33)]).toString("base64");
    const before = process.resourceUsage().maxRSS;
    const told = (await post("/sdapi/v1/png-info", { image })).json();
    expect(Object.keys(told.items).length).toBeLessThan(2);
    // The answer has kilobytes; all texts would have four gigabytes.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(1024 * 1024);
  });

  test("an infotext of a megabyte without a colon is read quickly", async () => {
    const start = performance.now();
    const infotext = `a cat\n${"a".repeat(1_000_000)}`;
    expect((await post("/sdapi/v1/txt2img", { prompt: "done", infotext })).statusCode).toBe(200);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

test.each([
  [
    "that breaks off",
    "multipart/form-data; boundary=x",
    '--x\r\nContent-Disposition: form-data; name="a"; filename="a.png"\r\n\r\nabc',
  ],
  ["without a part", "multipart/form-data; boundary=x", "--x"],
  ["without a boundary", "multipart/form-data", "--x"],
])("a form %s gets an error", async (_what, type, payload) => {
  const { uploads } = app.services.folders;
  for (const url of ["/api/picture-info", "/api/uploads"]) {
    const told = await app.server.inject({ method: "POST", url, payload, headers: { "content-type": type } });
    expect([url, told.statusCode, told.json().code]).toEqual([url, 400, "REQUEST_MALFORMED"]);
  }
  expect(await readdir(uploads).catch(() => [])).toEqual([]);
});

test("an upgrade to an invalid address is refused, and the server continues", async () => {
  await app.server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.server.address() as AddressInfo;
  for (const path of ["//", "http://[/api/events", "/api/events?%", "/%", "//[/api/events"]) {
    const head = `GET ${path} HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`;
    expect([path, await statusLineOf(port, head)]).toEqual([path, expect.stringMatching(/^HTTP\/1\.1 4\d\d /u)]);
  }
  expect((await app.server.inject("/api/images")).statusCode).toBe(200);
});

function statusLineOf(port: number, head: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(head));
    let answer = "";
    socket.on("data", (bytes) => (answer += bytes.toString("latin1")));
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
    socket.setTimeout(5000, () => socket.destroy());
  });
}

test("prompts have a limit: a longer prompt is refused before it is read", async () => {
  const start = performance.now();
  const prompt = "(a:[b|c]) AND ".repeat(500_000);
  const told = await post("/sdapi/v1/txt2img", { prompt });
  expect([told.statusCode, told.json().detail]).toEqual([
    422,
    [expect.objectContaining({ loc: ["body", "prompt"], msg: expect.stringContaining("at most 200000 characters") })],
  ]);
  expect(performance.now() - start).toBeLessThan(5000);
});

function textChunk(keyword: string, deflated: Uint8Array): Buffer {
  const data = Buffer.concat([Buffer.from(`${keyword}\0\0`, "latin1"), deflated]);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write("zTXt", 4, "latin1");
  return Buffer.concat([head, data, Buffer.alloc(4)]);
}
