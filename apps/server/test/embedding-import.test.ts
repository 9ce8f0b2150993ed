/** @file Files of embeddings dropped onto the page: every format arrives, names are asked for, broken files are refused with the reason; and copies. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeTextualInversionPt, writeTextualInversionSafetensors } from "@lexeme/formats";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dropEmbedding, requestsTo } from "./requests.ts";
import { safetensorsOfZeros } from "./sample-files.ts";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
const { get, send } = requestsTo(() => app);

beforeAll(async () => {
  app = await testApp();
}, 120_000);
afterAll(() => app.end(), 60_000);

const embedding = (name: string, first = 1, step = 7) => ({
  name,
  vectors: new Float32Array(128).fill(0.01 * first),
  count: 1,
  width: 128,
  step,
  sdCheckpoint: undefined,
  sdCheckpointName: undefined,
});

const drop = (filename: string, content: Uint8Array, query: Record<string, string> = {}) =>
  dropEmbedding(app, { filename, content, query });

const files = async (): Promise<string[]> => (await readdir(app.services.folders.embeddings)).toSorted();

test("files of every format arrive as they are, a picture under its inner name", async () => {
  const pt = writeTextualInversionPt(embedding("anything"));
  expect((await drop("mira.pt", pt)).json()).toMatchObject([{ name: "mira", step: 7, vectors: 1 }]);
  expect(await readFile(join(app.services.folders.embeddings, "mira.pt"))).toEqual(Buffer.from(pt));
  await drop("../anna.safetensors", writeTextualInversionSafetensors(embedding("anna", 2)));
  const card = await app.server.inject({ url: "/api/embeddings/anna/file", query: { format: "png" } });
  await send("DELETE", "/api/embeddings/anna");
  expect((await drop("holiday.png", card.rawPayload)).json()).toMatchObject([{ name: "anna", format: "png" }]);
  await drop("two.safetensors", safetensorsOfZeros({ cat: [1, 128], dog: [2, 128] }));
  expect((await get("/api/embeddings")).map(({ name }: { name: string }) => name)).toEqual([
    "anna",
    "mira",
    "two-cat",
    "two-dog",
  ]);
  expect(await files()).toEqual(["holiday.png", "mira.pt", "two.safetensors"]);
});

test("a name that is taken is asked for: another name, or a replacement whose old file is in the bin", async () => {
  const other = writeTextualInversionPt(embedding("other", 5, 9));
  const refused = await drop("MIRA.pt", other);
  expect(refused.statusCode).toBe(409);
  expect(refused.json()).toMatchObject({ code: "EMBEDDING_EXISTS", details: { field: "name", name: "MIRA" } });
  expect((await drop("mira.pt", other, { name: "mira-2" })).json()).toMatchObject([{ name: "mira-2", step: 9 }]);
  expect((await get("/api/bin")).entries).toHaveLength(1);
  expect((await drop("mira.pt", other, { overwriteOld: "true" })).json()).toMatchObject([{ name: "mira", step: 9 }]);
  const { entries } = await get("/api/bin");
  expect(entries[0].files[0].from).toMatch(/mira\.pt$/u);
  const several = await drop("two.safetensors", safetensorsOfZeros({ cat: [1, 128], cow: [1, 128] }));
  expect(several.json()).toMatchObject({ code: "EMBEDDING_EXISTS" });
});

test.each<[string, Uint8Array, RegExp]>([
  ["notes.txt", Buffer.from("hello"), /none of \.pt/u],
  ["broken.pt", Buffer.from("not a zip"), /broken/u],
  ["empty.pt", Buffer.from(""), /no embedding in it/u],
  ["photo.png", Buffer.from("not a picture"), /photo|no embedding/u],
])("%s is refused with the reason, and nothing arrives", async (name, content, reason) => {
  const before = await files();
  const refused = await drop(name, content);
  expect(refused.statusCode).toBeGreaterThanOrEqual(400);
  expect(refused.statusCode).toBeLessThan(500);
  expect(refused.json().message).toMatch(reason);
  expect(await files()).toEqual(before);
  expect(await readdir(join(app.services.folders.cache, "imports"))).toEqual([]);
});

test("a copy has the vectors and steps of its original, and never takes a name that exists", async () => {
  await writeFile(join(app.services.folders.embeddings, "orig.pt"), writeTextualInversionPt(embedding("orig", 3, 11)));
  const copied = await send("POST", "/api/embeddings/orig/copy", { name: "orig copy" });
  expect(copied.json()).toMatchObject({ name: "orig copy", step: 11, vectors: 1 });
  expect((await send("POST", "/api/embeddings/orig/copy", { name: "Mira" })).json()).toMatchObject({
    code: "EMBEDDING_EXISTS",
  });
});
