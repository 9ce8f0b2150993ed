/** @file Files and requests that could take all memory or time are limited or refused with a sentence, and the server answers meanwhile. */
import { execFileSync } from "node:child_process";
import { mkdir, rm, truncate, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Embedding } from "@lexeme/protocol";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import WebSocket from "ws";
import { MAX_SOCKETS } from "../src/events/event-socket.ts";
import { claimingPng, writePicture } from "./sample-files.ts";
import { newDataDir, testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
beforeAll(async () => {
  const dataDir = await newDataDir();
  // A call that opens a pipe without a writer never returns.
  for (const name of ["config.json", "styles.csv"]) execFileSync("mkfifo", [join(dataDir, name)]);
  app = await testApp({ dataDir });
}, 120_000);
afterAll(async () => {
  await app.end();
  await rm(app.dataDir, { recursive: true, force: true });
}, 60_000);

const get = (url: string, query: Record<string, string> = {}) => app.server.inject({ url, query });
const post = (url: string, payload: object | string) =>
  app.server.inject({ method: "POST", url, payload, headers: { "content-type": "application/json" } });

test("pipes in place of files block neither the start nor a request", async () => {
  expect((await get("/api/options")).json()).toMatchObject({
    importFault: expect.stringContaining("it is not a file"),
  });
  expect((await get("/api/styles")).json()).toMatchObject({ message: expect.stringContaining("it is not a file") });
  const folder = join(app.dataDir, "datasets", "pipes");
  const { outputs, embeddings } = app.services.folders;
  await mkdir(folder);
  await writePicture(join(folder, "photo.png"));
  const pipes = [join(folder, "x.png"), join(folder, "photo.txt"), join(outputs, "x.png"), join(embeddings, "x.png")];
  for (const path of pipes) execFileSync("mkfifo", [path]);
  const path = join(folder, "x.png");
  expect((await get("/api/dataset", { path: folder })).json()).toMatchObject({
    pictures: [{ file: "photo.png", captionFault: expect.stringContaining("it is not a file") }],
    broken: [{ file: "x.png", reason: "it is not a file but a folder, a pipe or a device" }],
  });
  for (const url of ["/api/thumbnail", "/api/file", "/api/picture-info"])
    expect([url, (await get(url, { path, size: "256" })).statusCode]).toEqual([url, 422]);
  expect((await get("/api/images")).json()).toMatchObject({ images: [] });
  expect((await get("/api/embeddings")).json()).toEqual([]);
});

test("a text of 300 MB beside a picture is not read", async () => {
  const folder = join(app.dataDir, "datasets", "long");
  await mkdir(folder);
  await writePicture(join(folder, "photo.png"));
  await writeFile(join(folder, "photo.txt"), "a");
  await truncate(join(folder, "photo.txt"), 300e6);
  const answer = await get("/api/dataset", { path: folder });
  expect(answer.json()).toMatchObject({ pictures: [{ captionFault: expect.stringContaining("more than the limit") }] });
});

test("pictures that may hide embeddings are searched in little memory, and the server answers meanwhile", async () => {
  const { embeddings } = app.services.folders;
  // This picture takes the most work: it has no black pixel, and all columns are alike.
  const picture = await sharp({ create: { width: 4096, height: 4096, channels: 3, background: "#111" } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  for (let i = 0; i < 4; i++) await writeFile(join(embeddings, `large-${i}.png`), picture);
  const before = process.resourceUsage().maxRSS;
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  expect((await get("/api/embeddings")).json<Embedding[]>()).toEqual([]);
  clearInterval(counting);
  // Each of the four pictures has 16 million pixels, which are read twice, with a pause after each million.
  expect(turns).toBeGreaterThan(60);
  // In kilobytes. Decoding all four at once took 600 MB more.
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(400 * 1024);
}, 120_000);

test("a small copy of a picture that must be decoded whole is made only in little memory", async () => {
  const path = join(app.dataDir, "datasets", "interlaced.png");
  await writeFile(path, claimingPng(16_384, 16));
  const refused = await get("/api/thumbnail", { path, size: "256" });
  expect(refused.json()).toMatchObject({
    code: "NOT_A_PICTURE",
    message: expect.stringContaining("2147 MB to decode"),
  });
});

test("an endless expression for file names gives a sentence beside the caption, and the server answers", async () => {
  const folder = join(app.dataDir, "datasets", "named");
  await mkdir(folder);
  for (let i = 0; i < 20; i++) await writePicture(join(folder, `${"a".repeat(60)}!${i}.png`));
  expect((await post("/sdapi/v1/options", { dataset_filename_word_regex: "(a+)+$" })).statusCode).toBe(200);
  const { pictures } = (await get("/api/dataset", { path: folder })).json();
  expect(pictures).toHaveLength(20);
  expect(pictures[19]).toMatchObject({ caption: "", captionFault: expect.stringContaining("takes too long") });
  await post("/api/options/reset", { names: ["dataset_filename_word_regex"] });
});

test("lists nested a million times are refused at once, in requests and in files", async () => {
  const nested = `{"prompt": ${"[".repeat(1_000_000)}`;
  for (const url of ["/sdapi/v1/txt2img", "/api/tokenize"]) {
    const refused = await post(url, nested);
    expect([url, refused.statusCode]).toEqual([url, 400]);
    expect(refused.body).toContain("nested too deeply");
  }
  expect((await post("/api/tokenize", { text: "[".repeat(5000) })).statusCode).toBe(200);
});

test("fifteen thousand brackets give a hint and an error with a sentence, not a failure of the server", async () => {
  const prompt = `${"(".repeat(15_000)}cat`;
  const told = await post("/api/tokenize", { text: prompt });
  expect(told.statusCode).toBe(200);
  expect(told.json().hints).toContainEqual(expect.objectContaining({ kind: "bracket" }));
  const drawn = await post("/sdapi/v1/txt2img", { prompt });
  expect(drawn.statusCode).toBe(422);
  expect(drawn.body).toContain("beyond all bounds");
});

test("the number of sockets is bounded, and a socket that closes makes room", async () => {
  await app.server.listen({ host: "127.0.0.1", port: 0 });
  const base = `127.0.0.1:${(app.server.server.address() as AddressInfo).port}`;
  const sockets: WebSocket[] = [];
  /** 101 if the server lets the socket in. */
  const connect = () =>
    new Promise<number | undefined>((resolve) => {
      const socket = new WebSocket(`ws://${base}/api/events`, { origin: `http://${base}` });
      sockets.push(socket);
      socket.on("unexpected-response", (_request, { statusCode }) => resolve(statusCode));
      socket.on("open", () => resolve(101));
      socket.on("error", () => undefined);
    });
  const statuses = await Promise.all(Array.from({ length: MAX_SOCKETS }, connect));
  expect(new Set(statuses)).toEqual(new Set([101]));
  expect(await connect()).toBe(503);
  for (const socket of sockets) socket.terminate();
  await waitFor("room for a page", async () => (await connect()) === 101);
  sockets.at(-1)?.terminate();
});
