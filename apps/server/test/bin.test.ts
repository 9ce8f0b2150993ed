/** @file The bin over HTTP: what was deleted or replaced is listed and restored after a restart, and deleted for good only when asked. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requestsTo } from "./requests.ts";
import { writePicture } from "./sample-files.ts";
import { newDataDir, testApp, type TestApp } from "./test-app.ts";

let dataDir: string;
let app: TestApp;
beforeAll(async () => {
  dataDir = await newDataDir();
  app = await testApp({ dataDir });
}, 120_000);
afterAll(async () => {
  await app.end();
  await rm(dataDir, { recursive: true, force: true });
}, 30_000);
const { get, send } = requestsTo(() => app);

const inData = (...parts: string[]) => join(dataDir, ...parts);

async function restart(): Promise<void> {
  await app.close();
  app = await testApp({ dataDir });
}

/** A picture of the outputs folder, which is deleted; returns its path and the undo token. */
async function deletedPicture(name: string): Promise<{ path: string; undoToken: string }> {
  const day = inData("outputs", "txt2img-images", "2026-11-24");
  await mkdir(day, { recursive: true });
  const path = join(day, name);
  await writePicture(path);
  const { undoToken } = (await send("POST", "/api/images/delete", { path })).json();
  return { path, undoToken };
}

test("after a restart the bin lists deleted and replaced files, shows pictures, and restores them", async () => {
  await send("POST", "/api/embeddings", { name: "mira" });
  const first = await readFile(inData("embeddings", "mira.pt"));
  await send("POST", "/api/embeddings", { name: "mira", initText: "cat", overwriteOld: true });
  const { path, undoToken } = await deletedPicture("1.png");
  await restart();
  const bin = await get("/api/bin");
  expect(bin).toMatchObject({
    entries: [
      { id: undoToken, why: "deleted", kind: "picture", files: [{ from: path }], hasPicture: true, isPlaceKnown: true },
      {
        why: "replaced",
        by: "Create Embedding",
        kind: "embedding",
        files: [{ from: inData("embeddings", "mira.pt") }],
        hasPicture: false,
      },
    ],
    freeBytes: expect.any(Number),
  });
  const [picture, embedding] = bin.entries;
  expect(bin.sizeBytes).toBe(picture.sizeBytes + embedding.sizeBytes);
  const shown = await app.server.inject(`/api/bin/${picture.id}/picture?size=64`);
  expect(shown.headers["content-type"]).toBe("image/webp");
  expect((await send("POST", "/api/undo", { undoToken })).statusCode).toBe(200);
  expect(await readdir(join(path, ".."))).toEqual(["1.png"]);
  expect((await get("/api/images")).images).toHaveLength(1);

  // The new embedding stays, and the replaced one comes back beside it.
  const second = await readFile(inData("embeddings", "mira.pt"));
  const refused = await send("POST", "/api/undo", { undoToken: embedding.id });
  expect(refused.json()).toMatchObject({ code: "FILE_EXISTS", details: { freeName: "mira-2" } });
  await send("POST", "/api/undo", { undoToken: embedding.id, name: "mira-2" });
  expect(await readFile(inData("embeddings", "mira.pt"))).toEqual(second);
  expect(await readFile(inData("embeddings", "mira-2.pt"))).toEqual(first);
  expect(await get("/api/bin")).toMatchObject({ entries: [], sizeBytes: 0 });
});

test("an entry, or all entries, are deleted for good when asked, and never by themselves", async () => {
  const [one, two] = [await deletedPicture("2.png"), await deletedPicture("3.png")];
  expect((await send("DELETE", `/api/bin/${one.undoToken}`)).statusCode).toBe(200);
  expect((await send("POST", "/api/undo", { undoToken: one.undoToken })).json()).toMatchObject({
    code: "BIN_ENTRY_MISSING",
  });
  const old = inData(".lexeme", "bin", "2025-01-01T10-00-00.000Z-1a2b3c4d");
  await mkdir(old);
  await writeFile(join(old, "zora.pt"), "an embedding of an earlier version");
  await restart();
  const { entries } = await get("/api/bin");
  expect(entries).toMatchObject([
    { id: two.undoToken },
    { kind: "embedding", files: [{ from: inData("embeddings", "zora.pt") }], isPlaceKnown: false },
  ]);
  expect((await send("POST", "/api/undo", { undoToken: entries[1].id })).statusCode).toBe(200);
  expect(await readdir(inData("embeddings"))).toContain("zora.pt");
  expect((await send("POST", "/api/bin/empty")).statusCode).toBe(200);
  expect((await get("/api/bin")).entries).toEqual([]);
  expect(await readdir(inData(".lexeme", "bin"))).toEqual([]);
});

test("an entry whose record leads out of the data folder is not restored, and an id is no path", async () => {
  const evil = inData(".lexeme", "bin", "evil");
  await mkdir(evil);
  await writeFile(join(evil, "a.txt"), "a");
  const files = [{ file: "a.txt", from: "/tmp/lexeme-was-here.txt" }];
  await writeFile(join(evil, "bin-entry.json"), JSON.stringify({ at: 1, why: "deleted", files }));
  expect((await send("POST", "/api/undo", { undoToken: "evil" })).json()).toMatchObject({ code: "PATH_OUTSIDE" });
  for (const id of ["..", "%2e%2e", "..%2fdb"]) expect((await send("DELETE", `/api/bin/${id}`)).statusCode).toBe(404);
  expect(await readdir(inData(".lexeme"))).toContain("db");
  await send("POST", "/api/bin/empty");
});

test("a picture is deleted for good with the files saved beside it", async () => {
  const { path, undoToken } = await deletedPicture("4.png");
  await send("POST", "/api/undo", { undoToken });
  expect((await send("POST", "/api/images/delete-for-good", { path })).statusCode).toBe(200);
  expect(await readdir(join(path, ".."))).not.toContain("4.png");
  expect((await get("/api/bin")).entries).toEqual([]);
  const outside = await send("POST", "/api/images/delete-for-good", { path: "/etc/passwd.png" });
  expect(outside.json()).toMatchObject({ code: "PATH_OUTSIDE" });
});

test("what two pages ask of one file at once is done once, and the other page is told in a sentence", async () => {
  const { path, undoToken: first } = await deletedPicture("twice.png");
  const both = async (...asked: [method: "POST" | "DELETE", url: string, body?: object][]) => {
    const answers = await Promise.all(asked.map((one) => send(...one)));
    return answers.map((answer) => String(answer.statusCode === 200 ? "done" : answer.json().code)).toSorted();
  };
  const undo = (undoToken: string) => ["POST", "/api/undo", { undoToken }] as const;
  expect(await both([...undo(first)], [...undo(first)])).toEqual(["BIN_ENTRY_MISSING", "done"]);
  const remove = ["POST", "/api/images/delete", { path }] as const;
  expect(await both([...remove], [...remove])).toEqual(["FILE_MISSING", "done"]);
  const [entry] = (await get("/api/bin")).entries;
  const forGood = ["DELETE", `/api/bin/${entry.id}`] as const;
  expect(await both([...forGood], [...undo(entry.id)])).toEqual(["BIN_ENTRY_MISSING", "done"]);
});
