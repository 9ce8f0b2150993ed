/** @file The gallery: its order by days, filters, many pictures, deleting several, and downloads as a zip. */
import { copyFile, mkdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GalleryImage } from "@lexeme/protocol";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requestsTo } from "./requests.ts";
import { writePicture } from "./sample-files.ts";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
let outputs: string;
let grids: string;
const { get, send } = requestsTo(() => app);

beforeAll(async () => {
  app = await testApp();
  ({ outputs, grids } = app.services.folders);
}, 120_000);
afterAll(() => app.end(), 30_000);

const SETTINGS = "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 7, Size: 8x8";
const names = (images: GalleryImage[]): string[] => images.map(({ file }) => file);

async function put(path: string, prompt: string, more = ""): Promise<string> {
  await mkdir(join(path, ".."), { recursive: true });
  await writePicture(path, `${prompt}\n${SETTINGS}${more}`);
  app.services.gallery.changed();
  return path;
}

test("pictures are in the order of the days that they say, whatever the time of their files, also over pages", async () => {
  const old = await put(join(outputs, "2026-11-20", "old.png"), "days");
  const recent = await put(join(outputs, "2026-11-24", "recent.png"), "days");
  const early = await put(join(outputs, "2026-11-24", "early.png"), "days");
  await utimes(early, 1, 1);
  await utimes(recent, 1_700_000_000, 1_700_000_000);
  // Copied later than all others.
  await utimes(old, 2_000_000_000, 2_000_000_000);
  app.services.gallery.changed();
  expect(names((await get("/api/images?search=days")).images)).toEqual(["recent.png", "early.png", "old.png"]);
  const paged: string[] = [];
  for (let address = "/api/images?search=days&limit=1"; address !== "";) {
    const { images, next } = await get(address);
    paged.push(...names(images));
    const place = next && new URLSearchParams({ beforeDay: next.day, before: next.createdAt, beforePath: next.path });
    address = next === undefined ? "" : `/api/images?search=days&limit=1&${place}`;
  }
  expect(paged).toEqual(["recent.png", "early.png", "old.png"]);
});

test("pictures are found by an embedding in their prompts, by checkpoint, and as grids", async () => {
  const day = join(outputs, "2026-11-21");
  await put(join(day, "a.png"), "a photo of (mira:1.2)", ", Model: one");
  await put(join(day, "b.png"), "a photo of mirage", ", Model: mira");
  await put(join(day, "c.png"), "a photo\nNegative prompt: Mira-2, mira", ", Model: two");
  await put(join(day, "d.png"), "a photo", ', Model: one, TI hashes: "mira: 0123456789ab"');
  await put(join(grids, "2026-11-21", "grid-0000.png"), "a photo of mira", ", Model: one");
  const found = async (query: string) => names((await get(`/api/images?${query}`)).images).toSorted();
  expect(await found("word=mira")).toEqual(["a.png", "c.png", "d.png", "grid-0000.png"]);
  expect(await found("word=mira&show=pictures")).toEqual(["a.png", "c.png", "d.png"]);
  expect(await found("word=mira&show=grids")).toEqual(["grid-0000.png"]);
  expect(await found("checkpoint=one&show=pictures")).toEqual(["a.png", "d.png"]);
  expect(await found("checkpoint=one&word=mira&search=%3A1.2")).toEqual(["a.png"]);
  expect(await found("checkpoint=three")).toEqual([]);
});

test("several pictures are deleted and restored; one that is gone is named", async () => {
  const day = join(outputs, "2026-11-22");
  const paths = [await put(join(day, "a.png"), "many"), await put(join(day, "b.png"), "many"), join(day, "gone.png")];
  const answer = (await send("POST", "/api/images/delete-many", { paths })).json();
  expect(answer.undoTokens).toHaveLength(2);
  expect(answer.failed).toMatchObject([{ path: paths[2], reason: expect.stringContaining("gone.png") }]);
  expect((await get("/api/images?search=many")).images).toEqual([]);
  for (const undoToken of answer.undoTokens) await send("POST", "/api/undo", { undoToken });
  expect(names((await get("/api/images?search=many")).images)).toHaveLength(2);
});

test("a zip holds the chosen pictures byte for byte, and says what was deleted before it came", async () => {
  const one = await put(join(outputs, "2026-11-23", "same.png"), "zipped one");
  const two = await put(join(outputs, "2026-11-24", "same.png"), "zipped two");
  const gone = await put(join(outputs, "2026-11-24", "gone.png"), "zipped three");
  const { id } = (await send("POST", "/api/images/zip", { paths: [one, two, gone] })).json();
  await rm(gone);
  const zip = await app.server.inject(`/api/images/zip/${id}`);
  expect(zip.headers).toMatchObject({
    "content-type": "application/zip",
    "content-disposition": expect.stringMatching(/^attachment; filename="lexeme-[\d-]+\.zip"$/),
  });
  const files = unzipSync(zip.rawPayload);
  expect(Object.keys(files)).toEqual(["same.png", "same (2).png", "Missing pictures.txt"]);
  expect(Buffer.from(files["same (2).png"]!).includes("zipped two")).toBe(true);
  expect(new TextDecoder().decode(files["Missing pictures.txt"])).toContain(gone);
});

test("a zip takes pictures with names and times that a zip cannot hold, and the server goes on", async () => {
  const odd = ["a: cat.png", "back\\slash.png", "old.png"];
  const paths = await Promise.all(odd.map((name) => put(join(outputs, "2026-11-24", name), `odd ${name}`)));
  await utimes(paths[2]!, new Date("1960-01-01"), new Date("1960-01-01"));
  const { id } = (await send("POST", "/api/images/zip", { paths })).json();
  const files = unzipSync((await app.server.inject(`/api/images/zip/${id}`)).rawPayload);
  expect(Object.keys(files)).toEqual(["a_ cat.png", "back_slash.png", "old.png"]);
  for (const path of paths) await rm(path);
});

test("a zip takes nothing from outside the roots, and its address is known only from an order", async () => {
  const secret = join(tmpdir(), "secret.png");
  await writePicture(secret);
  const outside = await send("POST", "/api/images/zip", { paths: [secret] });
  expect([outside.statusCode, outside.json().code]).toEqual([403, "PATH_OUTSIDE"]);
  expect((await send("POST", "/api/images/zip", { paths: [join(outputs, "notes.txt")] })).statusCode).toBe(422);
  const path = join(outputs, "2026-11-24", "later.png");
  const { id } = (await send("POST", "/api/images/zip", { paths: [path] })).json();
  await symlink(secret, path);
  const files = unzipSync((await app.server.inject(`/api/images/zip/${id}`)).rawPayload);
  expect(Object.keys(files)).toEqual(["Missing pictures.txt"]);
  expect((await app.server.inject("/api/images/zip/nothing")).json()).toMatchObject({ code: "DOWNLOAD_EXPIRED" });
  await rm(path);
  await rm(secret);
});

test("a zip of 300 MB needs little memory", async () => {
  const big = join(outputs, "2026-11-24", "big.png");
  await writeFile(big, Buffer.alloc(100 << 20, 1));
  const address = await app.server.listen({ port: 0, host: "127.0.0.1" });
  const { id } = (await send("POST", "/api/images/zip", { paths: [big, big, big] })).json();
  const before = process.memoryUsage.rss();
  const { body } = await fetch(`${address}/api/images/zip/${id}`);
  let bytes = 0;
  let most = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    most = Math.max(most, process.memoryUsage.rss() - before);
  }
  expect(bytes).toBeGreaterThan(300 << 20);
  expect(most).toBeLessThan(150 << 20);
  await rm(big);
}, 60_000);

test("a page of many pictures comes quickly, and a search through unread pictures is answered in parts", async () => {
  const day = join(outputs, "2026-11-19");
  const first = await put(join(day, "00000.png"), "thousands");
  for (let i = 1; i < 4000; i++) await copyFile(first, join(day, `${String(i).padStart(5, "0")}.png`));
  app.services.gallery.changed();
  await get("/api/images?limit=1");
  const begin = performance.now();
  expect((await get("/api/images?limit=120")).images).toHaveLength(120);
  expect(performance.now() - begin).toBeLessThan(3000);
  let [parts, slowest] = [0, 0];
  for (let address = "/api/images?search=nowhere"; address !== ""; parts++) {
    const at = performance.now();
    const { images, next } = await get(address);
    slowest = Math.max(slowest, performance.now() - at);
    expect(images).toEqual([]);
    const place = next && new URLSearchParams({ beforeDay: next.day, before: next.createdAt, beforePath: next.path });
    address = next === undefined ? "" : `/api/images?search=nowhere&${place}`;
  }
  expect(slowest).toBeLessThan(10_000);
  expect(parts).toBeLessThan(100);
}, 120_000);
