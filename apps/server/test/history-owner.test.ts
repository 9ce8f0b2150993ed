/** @file The history belongs to the file whose vectors it wrote: it follows a rename, and a new embedding with an old name has none. */
import { chmod, link, mkdir, readFile, rename, rm, rmdir, symlink, utimes, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { RunRecord, type RunFolder } from "@lexeme/data-folder";
import { withoutRights } from "@lexeme/data-folder/testing";
import type { Embedding, EmbeddingHistory, Run } from "@lexeme/protocol";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { requestsTo } from "./requests.ts";
import { writePicture } from "./sample-files.ts";
import { newDataDir, testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
let dataDir: string;
beforeAll(async () => {
  dataDir = await newDataDir();
  app = await testApp({ dataDir });
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 30_000);
const { get, send } = requestsTo(() => app);

const history = (name: string): Promise<EmbeddingHistory> => get(`/api/embeddings/${name}/history`);
const create = async (name: string, initText: string): Promise<string> =>
  (await send("POST", "/api/embeddings", { name, initText, overwriteOld: true })).json().path;
const fileOf = (name: string): string => join(dataDir, "embeddings", `${name}.pt`);
const renameTo = (name: string, to: string) => send("POST", `/api/embeddings/${name}/rename`, { name: to });
const copyNames = (runs: EmbeddingHistory["runs"]): string[] =>
  runs.flatMap(({ copies }) => copies.map(({ path }) => basename(path)));

/** Sub-folder and picture of each listed file with the name. */
const picturesOf = async (name: string): Promise<[string, string | null][]> =>
  ((await get("/api/embeddings")) as Embedding[])
    .filter((one) => one.name === name)
    .map(({ folder, previewPath }) => [folder, previewPath]);

/** Makes an embedding of `words[0]` and trains it as a training does: copies of the beginning and the end, a preview, and the end's vectors in its file. */
async function train(name: string, words: readonly [string, string], steps = 10) {
  const file = await create(name, words[0]);
  const now = new Date();
  const folder = await app.services.runs.open({ embeddingName: name, resumedFolder: undefined, initialStep: 0, now });
  const record = await RunRecord.open(folder.path);
  await record.begin({ at: now.getTime(), embedding: name, step: 0, steps, job: `job of ${name}`, from: null });
  await writeFile(folder.copyPath(0, "pt"), await readFile(file));
  const made = await create("made", words[1]);
  await writeFile(folder.copyPath(steps, "pt"), await readFile(made));
  await writePicture(folder.previewPath(steps));
  await send("POST", `/api/embeddings/${name}/use-copy`, { path: folder.copyPath(steps, "pt") });
  await record.end({ at: Date.now(), how: "finished", step: steps, message: null, replaced: null });
  return { folder, file };
}

/** Begins a training from the first copy of a run, which ends before its first step. */
async function tryFrom(
  name: string,
  folder: RunFolder,
  how: "cancelled" | "stopped" = "cancelled",
): Promise<RunFolder> {
  const branch = await app.services.runs.open({
    embeddingName: name,
    resumedFolder: folder.path,
    initialStep: 0,
    now: new Date(),
  });
  const record = await RunRecord.open(branch.path);
  const from = await app.services.runs.pointOf({ runFolder: folder.path, step: 0 });
  await record.begin({ at: Date.now(), embedding: name, step: 0, steps: 10, job: `try of ${name}`, from });
  await record.end({ at: Date.now(), how, step: 0, message: null, replaced: null });
  return branch;
}

/** The note of a rename that a kill ended. */
async function noteRename(from: string, to: string, runs: readonly RunFolder[]): Promise<void> {
  const system = join(dataDir, ".lexeme");
  const followers = runs.map(({ path }) => relative(system, path));
  const note = { from: `../embeddings/${from}.pt`, to: `../embeddings/${to}.pt`, followers };
  await writeFile(join(system, "renaming.json"), JSON.stringify(note));
}

test("a new embedding with an earlier one's name has no run of its own; the copies of the earlier one stay usable", async () => {
  const { folder } = await train("dbl", ["woman", "cat"]);
  expect(await history("dbl")).toMatchObject({ currentCopy: folder.copyPath(10, "pt"), runs: [{ isEarlier: false }] });
  await send("DELETE", "/api/embeddings/dbl");
  expect((await history("dbl")).runs).toMatchObject([{ isEarlier: false }]);

  await create("dbl", "man");
  const made = await history("dbl");
  expect(made).toMatchObject({ currentCopy: null, runs: [{ folder: folder.path, isEarlier: true }] });
  expect(made.ownSince).toBeGreaterThan(made.runs[0]!.endedAt!);

  await send("POST", "/api/embeddings/dbl/use-copy", { path: folder.copyPath(10, "pt") });
  const used = await history("dbl");
  expect(used.currentCopy).toBe(folder.copyPath(10, "pt"));
  expect(used.runs).toMatchObject([{ isEarlier: false }, { state: "kept", isEarlier: true }]);
});

test("the same first vectors are the beginning of the same history", async () => {
  const { folder } = await train("again", ["woman", "cat"]);
  await send("DELETE", "/api/embeddings/again");
  await create("again", "woman");
  expect(await history("again")).toMatchObject({
    currentCopy: folder.copyPath(0, "pt"),
    runs: [{ isEarlier: false }],
  });
});

test("an undo replaces no file that is not what it undoes", async () => {
  const { folder, file } = await train("undone", ["woman", "cat"]);
  await send("POST", "/api/embeddings", { name: "undone", initText: "man", overwriteOld: true });
  const present = await readFile(file);
  const body = { path: folder.copyPath(0, "pt"), instead: folder.copyPath(10, "pt") };
  const refused = await send("POST", "/api/embeddings/undone/use-copy", body);
  expect([refused.statusCode, refused.json().code]).toEqual([409, "EMBEDDING_CHANGED"]);
  expect(await readFile(file)).toEqual(present);
});

test("the history follows a rename; a new embedding with the old name begins its own, in a folder of its own", async () => {
  const { folder } = await train("mara", ["woman", "cat"]);
  await renameTo("mara", "lara");
  expect(await history("lara")).toMatchObject({
    currentCopy: folder.copyPath(10, "pt"),
    runs: [{ folder: folder.path, isEarlier: false, lastStep: 10 }],
  });
  expect((await get("/api/runs?embedding=lara")).map((run: Run) => run.embeddingName)).toEqual(["lara"]);
  const listed = await get("/api/embeddings");
  expect(listed.find(({ name }: { name: string }) => name === "lara").previewPath).toBe(folder.previewPath(10));

  const next = await train("mara", ["man", "green"]);
  expect(next.folder.path).not.toBe(folder.path);
  expect((await history("mara")).runs).toMatchObject([{ folder: next.folder.path, isEarlier: false }]);
  expect((await history("lara")).runs).toMatchObject([{ folder: folder.path }]);

  // Back again: the earlier history of the name comes with its file.
  await send("DELETE", "/api/embeddings/mara");
  await renameTo("lara", "mara");
  expect((await history("mara")).runs).toMatchObject([
    { folder: folder.path, isEarlier: false },
    { folder: next.folder.path, isEarlier: true },
  ]);
}, 30_000);

test("a foreign file with the name of a trained embedding shows no picture of that training", async () => {
  const { folder } = await train("pictured", ["woman", "cat"]);
  const foreign = await readFile(await create("made", "man"));
  await mkdir(join(dataDir, "embeddings", "sub"));
  await writeFile(join(dataDir, "embeddings", "sub", "pictured.pt"), foreign);
  expect(await picturesOf("pictured")).toEqual([
    ["", folder.previewPath(10)],
    ["sub", null],
  ]);
});

test("a foreign file that is older than the training has none of its runs, although a try of it was cancelled later", async () => {
  const { folder } = await train("elder", ["woman", "cat"]);
  await tryFrom("elder", folder);
  const foreign = join(dataDir, "embeddings", "other", "elder.pt");
  await mkdir(join(dataDir, "embeddings", "other"));
  await writeFile(foreign, await readFile(await create("made", "man")));
  await utimes(foreign, 1, 1);
  expect(await picturesOf("elder")).toEqual([
    ["", folder.previewPath(10)],
    ["other", null],
  ]);
});

test("a try from an earlier embedding's copy goes with the renamed file, and the earlier embedding's runs stay", async () => {
  const { folder } = await train("former", ["woman", "cat"]);
  const { undoToken } = (await send("DELETE", "/api/embeddings/former")).json();
  await create("former", "man");
  const branch = await tryFrom("former", folder);
  await renameTo("former", "latter");
  expect((await history("latter")).runs).toMatchObject([{ folder: branch.path, isEarlier: false }]);
  await send("POST", "/api/undo", { undoToken });
  expect((await history("former")).runs).toMatchObject([{ folder: folder.path, isEarlier: false }]);
});

test("a picture that could not be found is searched for again", async () => {
  const { folder } = await train("hiccup", ["woman", "cat"]);
  // Now the name of the run's embedding is known without the record.
  await folder.writeSettings({ embedding_name: "hiccup" }, new Date());
  const record = join(folder.path, "history.jsonl");
  await rename(record, `${record}.aside`);
  await symlink("history.jsonl", record);
  // Another version of the file, about which nothing is known.
  await utimes(fileOf("hiccup"), 5, 5);
  const preview = async () =>
    (await get("/api/embeddings")).find((one: Embedding) => one.name === "hiccup").previewPath;
  expect(await preview()).toBeNull();
  await rm(record);
  await rename(`${record}.aside`, record);
  expect(await preview()).toBe(folder.previewPath(10));
});

test("the runs of the names that a list needs are read once, and no losses for it", async () => {
  for (const name of ["first", "second", "third"]) await train(name, ["woman", "cat"]);
  const { runs } = app.services;
  const [folders, histories] = [vi.spyOn(runs, "folders"), vi.spyOn(runs, "historyOf")];
  await app.services.embeddings.list();
  await utimes(fileOf("first"), 5, 5);
  await writePicture(join(dataDir, "embeddings", "second.preview.png"));
  await app.services.embeddings.list();
  expect([folders.mock.calls, histories.mock.calls]).toEqual([[[], []], []]);
  vi.restoreAllMocks();
});

test("a file without runs is searched for in all runs once, and again when a run has another name", async () => {
  await train("source", ["woman", "house"]);
  await writeFile(fileOf("downloaded"), await readFile(fileOf("source")));
  const search = vi.spyOn(app.services.runs, "findCopy");
  const copiedFrom = async () => (await history("downloaded")).copiedFrom;
  expect([await copiedFrom(), await copiedFrom()]).toMatchObject([{ embedding: "source" }, { embedding: "source" }]);
  expect(search.mock.calls.filter(([name]) => name === undefined)).toHaveLength(1);
  await renameTo("source", "spring");
  expect(await copiedFrom()).toMatchObject({ embedding: "spring" });
  vi.restoreAllMocks();
});

test("the runs of an earlier embedding stay with the name when the present one is renamed", async () => {
  const { folder } = await train("old", ["woman", "cat"]);
  const { undoToken } = (await send("DELETE", "/api/embeddings/old")).json();
  await create("old", "man");
  await renameTo("old", "new");
  expect((await history("new")).runs).toEqual([]);
  await send("POST", "/api/undo", { undoToken });
  expect((await history("old")).runs).toMatchObject([{ folder: folder.path, isEarlier: false }]);
});

test("a copy begins its own history, and says which training reached its vectors", async () => {
  await train("vera", ["woman", "cat"]);
  await send("POST", "/api/embeddings/vera/copy", { name: "twin" });
  const copied = await history("twin");
  expect(copied.runs).toEqual([]);
  expect(copied.copiedFrom).toEqual({ embedding: "vera", step: 10 });
});

test("runs whose rename was killed after the file had its new name follow it at the next start", async () => {
  const { folder } = await train("killed", ["woman", "cat"]);
  await app.close();
  await noteRename("killed", "risen", [folder]);
  await rename(fileOf("killed"), fileOf("risen"));
  app = await testApp({ dataDir });
  await app.services.jobs.ready;
  expect((await history("risen")).runs).toMatchObject([{ folder: folder.path, isEarlier: false }]);
  expect((await history("killed")).runs).toEqual([]);
}, 60_000);

test("a rename that is killed between two runs is finished for all of them at the next start", async () => {
  const { folder } = await train("split", ["woman", "cat"]);
  const branch = await tryFrom("split", folder, "stopped");
  const gone = await tryFrom("split", folder);
  await app.close();
  await noteRename("split", "whole", [folder, gone, branch]);
  await rename(fileOf("split"), fileOf("whole"));
  // The run with the vectors has the new name already, and one was deleted since.
  await writeFile(join(folder.path, "renamed.json"), JSON.stringify({ embedding: "whole" }));
  await rm(gone.path, { recursive: true });
  app = await testApp({ dataDir });
  await app.services.jobs.ready;
  expect((await history("whole")).runs.map((run) => [run.folder, run.isEarlier])).toEqual([
    [folder.path, false],
    [branch.path, false],
  ]);
  expect((await history("split")).runs).toEqual([]);
}, 60_000);

test("a rename that is killed while the file has both names keeps the history too", async () => {
  const { folder } = await train("both", ["woman", "cat"]);
  await app.close();
  await noteRename("both", "one", [folder]);
  await link(fileOf("both"), fileOf("one"));
  app = await testApp({ dataDir });
  await app.services.jobs.ready;
  expect(copyNames((await history("one")).runs)).toEqual(["both-0.pt", "both-10.pt"]);
  expect((await history("one")).runs).toMatchObject([{ folder: folder.path, isEarlier: false }]);
}, 60_000);

test("an embedding whose runs cannot be given its new name keeps its old name", async () => {
  const { folder } = await train("stays", ["woman", "cat"]);
  // A folder in the place of the file can be neither read nor replaced, whoever runs the test.
  const inTheWay = join(folder.path, "renamed.json");
  await mkdir(inTheWay);
  expect((await renameTo("stays", "goes")).json()).toMatchObject({ code: "FILE_UNREADABLE" });
  await rmdir(inTheWay);
  expect((await history("stays")).runs).toMatchObject([{ folder: folder.path, isEarlier: false }]);
  expect(await readFile(fileOf("stays"))).toBeTruthy();
});

test("an embedding whose file cannot be read for the moment is not renamed without its history, and no run becomes its own", async () => {
  const { folder } = await train("sealed", ["woman", "cat"]);
  await Promise.all(["", "embeddings", ".lexeme"].map((name) => chmod(join(dataDir, name), 0o777)));
  await chmod(fileOf("sealed"), 0o000);
  const asked = async () => [
    (await renameTo("sealed", "opened")).json(),
    (await app.server.inject("/api/embeddings/sealed/history")).json(),
  ];
  expect(await withoutRights(asked)).toMatchObject([{ code: "FILE_UNREADABLE" }, { code: "FILE_UNREADABLE" }]);
  await chmod(fileOf("sealed"), 0o644);
  expect((await history("sealed")).runs).toMatchObject([{ folder: folder.path, isEarlier: false }]);
  expect((await renameTo("sealed", "opened")).statusCode).toBe(200);
  expect((await history("opened")).runs).toMatchObject([{ folder: folder.path, isEarlier: false }]);
});

test("a file that is no embedding is renamed as it is", async () => {
  await train("broken", ["woman", "cat"]);
  await writeFile(fileOf("broken"), "no embedding");
  expect((await renameTo("broken", "pieces")).statusCode).toBe(200);
  expect((await history("pieces")).runs).toEqual([]);
  expect((await history("broken")).runs).toHaveLength(1);
});
