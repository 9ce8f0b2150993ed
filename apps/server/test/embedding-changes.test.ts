/** @file Changes of the folder for embeddings at the same time, onto files of several words, and cut short by a kill: nothing is lost. */
import { copyFile, open, readdir, readFile, rm, stat, symlink, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { diesAt } from "./dying-process.ts";
import { dropEmbedding, requestsTo } from "./requests.ts";
import { safetensorsOfZeros } from "./sample-files.ts";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
}, 120_000);
afterAll(() => app.end(), 30_000);
const { get, send } = requestsTo(() => app);

const folder = () => app.services.folders.embeddings;
const inFolder = (file: string) => join(folder(), file);
const files = async () => (await readdir(folder())).toSorted();

beforeEach(async () => {
  await app.services.jobs.ready;
  for (const file of await readdir(folder())) await rm(inFolder(file), { recursive: true });
});

test("a taken name is refused with the remedies that the action has: a rename and a copy never replace", async () => {
  for (const name of ["alva", "bela"]) await send("POST", "/api/embeddings", { name });
  const refusals = [
    await send("POST", "/api/embeddings/alva/rename", { name: "bela" }),
    await send("POST", "/api/embeddings/alva/copy", { name: "bela" }),
  ];
  for (const { json } of refusals) {
    expect(json()).toMatchObject({
      code: "EMBEDDING_EXISTS",
      message: 'There is already an embedding "bela.pt": choose another name',
    });
  }
  expect((await send("POST", "/api/embeddings", { name: "bela" })).json().message).toContain(
    'choose another name, or allow "Overwrite old embedding"',
  );
});

test("a name whose file holds several words is refused for a rename and for a new embedding, and the file stays", async () => {
  const bytes = safetensorsOfZeros({ cat: [1, 128], dog: [1, 128] });
  await writeFile(inFolder("pack.safetensors"), bytes);
  await send("POST", "/api/embeddings", { name: "luna", fileFormat: "safetensors" });
  const tries = [
    await send("POST", "/api/embeddings/luna/rename", { name: "pack" }),
    await send("POST", "/api/embeddings", { name: "pack", fileFormat: "safetensors", overwriteOld: true }),
  ];
  for (const { statusCode, json } of tries) {
    expect(statusCode).toBe(409);
    expect(json()).toMatchObject({ code: "EMBEDDING_EXISTS", details: { field: "name" } });
    expect(json().message).toContain("pack.safetensors");
  }
  expect(await files()).toEqual(["luna.safetensors", "pack.safetensors"]);
  expect(await readFile(inFolder("pack.safetensors"))).toEqual(bytes);
});

test("of many renames to one name at once one succeeds, and the other embeddings keep their names", async () => {
  const names = Array.from({ length: 10 }, (_, i) => `one-${i}`);
  await send("POST", "/api/embeddings", { name: "one-0" });
  for (const name of names.slice(1)) await copyFile(inFolder("one-0.pt"), inFolder(`${name}.pt`));
  const answers = await Promise.all(
    names.map((name, i) => send("POST", `/api/embeddings/${name}/rename`, { name: i % 2 === 0 ? "chosen" : "Chosen" })),
  );
  expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([
    200,
    ...names.slice(1).map(() => 409),
  ]);
  expect(await files()).toHaveLength(10);
});

test("two new embeddings of one name at once in two formats are one embedding", async () => {
  for (let i = 0; i < 5; i++) {
    const answers = await Promise.all(
      ["pt", "safetensors"].map((fileFormat) => send("POST", "/api/embeddings", { name: `twin-${i}`, fileFormat })),
    );
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 409]);
  }
  expect(await files()).toHaveLength(5);
});

test("overwriting twice at once gives one file, and each replaced file can be restored from the bin", async () => {
  await send("POST", "/api/embeddings", { name: "over", numVectorsPerToken: 1 });
  const before = await binned();
  const answers = await Promise.all(
    [2, 3].map((numVectorsPerToken) =>
      send("POST", "/api/embeddings", { name: "over", numVectorsPerToken, overwriteOld: true }),
    ),
  );
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  expect(await files()).toEqual(["over.pt"]);
  expect((await binned()).length).toBe(before.length + 2);
});

test.each(["pt", "safetensors"])(
  "an overwrite with a .%s that is killed at any moment leaves the old or the new embedding, and loses no old file",
  async (fileFormat) => {
    await send("POST", "/api/embeddings", { name: "source", numVectorsPerToken: 1 });
    const old = await readFile(inFolder("source.pt"));
    const seen = new Set<number>();
    for (let at = 0; ; at++) {
      for (const file of await readdir(folder())) await rm(inFolder(file));
      await writeFile(inFolder("mira.pt"), old);
      const dies = await diesAt(at, () =>
        send("POST", "/api/embeddings", { name: "mira", numVectorsPerToken: 2, fileFormat, overwriteOld: true }),
      );
      const listed = (await get("/api/embeddings")).filter(({ name }: { name: string }) => name === "mira");
      expect(listed.length, `killed at operation ${at}`).toBeGreaterThan(0);
      for (const { vectors, misfitReason } of listed) {
        expect(misfitReason).toBeNull();
        seen.add(vectors);
      }
      const isLeft = (await files()).includes("mira.pt") && (await readFile(inFolder("mira.pt"))).equals(old);
      if (!isLeft) expect(await binned()).toContainEqual(old);
      await rm(app.services.folders.bin, { recursive: true, force: true });
      if (!dies) break;
      expect(at).toBeLessThan(50);
    }
    expect(seen).toEqual(new Set([1, 2]));
  },
  60_000,
);

test("a name that a training from a copy will write is not taken by another embedding meanwhile", async () => {
  await send("POST", "/api/embeddings", { name: "mira" });
  await send("POST", "/api/embeddings", { name: "luna" });
  const settings = {
    embeddingName: "mira",
    dataRoot: DEMO_PHOTOS_DIR,
    previewPrompt: "hang",
    templateFilename: "subject.txt",
  };
  const { id } = (await send("POST", "/api/jobs", { kind: "train-embedding", settings })).json();
  await rm(inFolder("mira.pt"));
  for (const answer of [
    await send("POST", "/api/embeddings/luna/rename", { name: "Mira" }),
    await send("POST", "/api/embeddings", { name: "mira" }),
    await send("POST", "/api/embeddings/luna/copy", { name: "mira" }),
    await dropEmbedding(app, { filename: "MIRA.pt", content: await readFile(inFolder("luna.pt")) }),
  ])
    expect(answer.json()).toMatchObject({ code: "EMBEDDING_BUSY", details: { field: "name" } });
  await send("POST", `/api/jobs/${id}/cancel`);
  expect(await files()).toEqual(["luna.pt"]);
});

test("a replaced embedding stays in the bin when the disk fails after the new file has its name", async () => {
  const { path } = (await send("POST", "/api/embeddings", { name: "mira" })).json();
  const old = await readFile(path);
  const { ino } = await stat(folder());
  const handle = await open(path, "r");
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const failing = vi.spyOn(prototype, "sync").mockImplementation(async function fails(this: FileHandle) {
    if ((await this.stat()).ino === ino) throw Object.assign(new Error("EIO: i/o error, fsync"), { code: "EIO" });
    return this.datasync();
  });
  const body = { name: "mira", initText: "cat", overwriteOld: true };
  const failed = await send("POST", "/api/embeddings", body).finally(() => failing.mockRestore());
  expect(failed.statusCode).toBeGreaterThanOrEqual(500);
  const kept = await binned();
  expect([await readFile(path), ...kept]).toContainEqual(old);
});

test("overwriting an embedding that is a link replaces the link and leaves the file that it leads to", async () => {
  await send("POST", "/api/embeddings", { name: "far", numVectorsPerToken: 1 });
  const elsewhere = join(app.dataDir, "elsewhere.pt");
  await copyFile(inFolder("far.pt"), elsewhere);
  const old = await readFile(elsewhere);
  await rm(inFolder("far.pt"));
  await symlink(elsewhere, inFolder("far.pt"));
  const answer = await send("POST", "/api/embeddings", { name: "far", numVectorsPerToken: 2, overwriteOld: true });
  expect(answer.json()).toMatchObject({ vectors: 2 });
  expect(await readFile(elsewhere)).toEqual(old);
});

/** The contents of all files in the bin, without its own records. */
async function binned(): Promise<Buffer[]> {
  const entries = await readdir(app.services.folders.bin, { recursive: true, withFileTypes: true });
  const kept = entries.filter((entry) => !entry.isDirectory() && entry.name !== "bin-entry.json");
  const paths = kept.map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(paths.map((path) => readFile(path)));
}
