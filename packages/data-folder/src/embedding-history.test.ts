/** @file The history of an embedding, from Lexeme's runs with their records and from A1111's runs without records. */
import { writeTextualInversionPt } from "@lexeme/formats";
import { appendFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EmbeddingHistories } from "./embedding-history.ts";
import { LossLog } from "./loss-log.ts";
import { RunFolder } from "./run-folder.ts";
import { RunFolders } from "./run-folders.ts";
import { RunRecord } from "./run-record.ts";

const NOW = new Date(2026, 10, 24, 17, 5, 9);
let root: string;
let runs: RunFolders;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lexeme-history-"));
  runs = new RunFolders(root);
});
afterEach(() => rm(root, { recursive: true }));

const histories = (name = "mira") => new EmbeddingHistories(runs).read(name);

function embedding(value: number, step: number): Uint8Array {
  const vectors = Float32Array.from([value, value]);
  return writeTextualInversionPt({
    name: "mira",
    vectors,
    count: 1,
    width: 2,
    step,
    sdCheckpoint: undefined,
    sdCheckpointName: undefined,
  });
}

/** Writes a run like a training. The vectors of each copy contain the number of its step. */
async function run({ from = 0, to, copies, origin }: { from?: number; to: number; copies: number[]; origin?: string }) {
  const folder = await runs.open({ embeddingName: "mira", resumedFolder: origin, initialStep: from, now: NOW });
  const log = await LossLog.open(folder.lossLogPath, { initialStep: from, every: 1 });
  for (let step = from + 1; step <= to; step++)
    await log.add({ step, epoch: 0, epochStep: step - 1, loss: 1 / step, learnRate: 0.005 });
  await log.flush();
  for (const step of copies) await writeFile(folder.copyPath(step, "pt"), embedding(step, step));
  const record = await RunRecord.open(folder.path);
  const isBranch = origin !== undefined && origin !== folder.path;
  await record.begin({
    at: NOW.getTime() + from,
    embedding: "mira",
    step: from,
    steps: 900,
    job: `job ${from}`,
    from: isBranch ? await runs.pointOf({ runFolder: origin, step: from }) : null,
  });
  return { folder, record };
}

test("the history has the runs, the copy that each continued from, the losses and pictures of copies, and the end of each run", async () => {
  const first = await run({ to: 40, copies: [0, 20, 40] });
  await first.record.fixedLoss({ step: 20, value: 0.5, measuredOn: "these" });
  await writeFile(first.folder.previewPath(20), "preview");
  await first.record.end({ at: 7, how: "stopped", step: 40, message: null, replaced: null });
  const second = await run({ from: 20, to: 30, copies: [30], origin: first.folder.path });
  const replaced = await runs.pointOf({ runFolder: first.folder.path, step: 40 });
  await second.record.end({ at: 9, how: "finished", step: 30, message: null, replaced });
  const [one, two] = await histories();
  expect(one).toMatchObject({
    jobs: ["job 0"],
    initialStep: 0,
    lastStep: 40,
    steps: 900,
    from: null,
    ending: { how: "stopped" },
    copies: [
      { step: 0, previewPath: null, fixedLoss: null },
      { step: 20, previewPath: first.folder.previewPath(20), fixedLoss: { value: 0.5 } },
      { step: 40 },
    ],
  });
  expect(one!.points).toHaveLength(40);
  expect(two).toMatchObject({
    from: { folder: first.folder.path, step: 20 },
    ending: { replaced: { folder: first.folder.path, step: 40 } },
  });

  // The whole folder may be moved.
  await rename(root, `${root}-moved`);
  runs = new RunFolders(`${root}-moved`);
  const [, moved] = await histories();
  expect(moved!.from!.folder).toBe(join(`${root}-moved`, "2026-11-24", "mira"));
  await rename(`${root}-moved`, root);
});

test("a run that continues in its folder is one run; repeated steps count once, and a torn entry is ignored", async () => {
  const first = await run({ to: 40, copies: [20] });
  await first.record.fixedLoss({ step: 40, value: 0.5, measuredOn: "these" });
  await appendFile(join(first.folder.path, "history.jsonl"), '{"type":"end","at":');
  const again = await run({ from: 20, to: 25, copies: [], origin: first.folder.path });
  await again.record.fixedLoss({ step: 20, value: 0.4, measuredOn: "these" });
  const read = await histories();
  expect(read).toHaveLength(1);
  expect(read[0]).toMatchObject({
    jobs: ["job 0", "job 20"],
    initialStep: 0,
    lastStep: 25,
    ending: null,
    fixedLosses: [{ step: 20, value: 0.4 }],
  });
  expect(read[0]!.points.map(({ step }) => step)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
});

test("A1111's runs are shown: each day's folder continues from the end of the folder before", async () => {
  for (const [day, begins, ends] of [
    ["2023-01-01", 0, 100],
    ["2023-01-02", 100, 180],
  ] as const) {
    const folder = join(root, day, "mira");
    await mkdir(join(folder, "embeddings"), { recursive: true });
    const settings = { embedding_name: "mira", initial_step: begins, steps: 1000 };
    await writeFile(join(folder, `settings-${day}-10-00-00.json`), JSON.stringify(settings));
    const rows = [`${ends},0,1,0.1000000,0.005\r\n`];
    await writeFile(
      join(folder, "textual_inversion_loss.csv"),
      `step,epoch,epoch_step,loss,learn_rate\r\n${rows.join("")}`,
    );
  }
  const read = (await histories()).toSorted((a, b) => a.folder.localeCompare(b.folder));
  expect(read.map(({ jobs, ending, steps }) => [jobs, ending, steps])).toEqual([
    [[], null, 1000],
    [[], null, 1000],
  ]);
  expect(read[1]).toMatchObject({ initialStep: 100, lastStep: 180, from: { step: 100 } });
  expect(basename(read[1]!.from!.folder)).toBe("mira");
});

test("all runs together have at most some thousands of points, with the first and the last point of each run", async () => {
  for (const day of ["2026-01-01", "2026-01-02"]) {
    const folder = new RunFolder(join(root, day, "mira"), "mira");
    await mkdir(folder.path, { recursive: true });
    const rows = Array.from({ length: 9000 }, (_, i) => `${i + 1},0,${i},0.1,0.005\n`).join("");
    await writeFile(folder.lossLogPath, `step,epoch,epoch_step,loss,learn_rate\n${rows}`);
  }
  const read = await histories();
  for (const { points } of read) {
    expect(points.length).toBeLessThanOrEqual(2001);
    expect([points[0]!.step, points.at(-1)!.step]).toEqual([1, 9000]);
  }
});

test("a replaced embedding of any file name is a copy of some run: the run that has its vectors, else a new folder", async () => {
  const { folder } = await run({ to: 20, copies: [20] });
  const path = join(root, "..", `${basename(root)}.pt`);
  await writeFile(path, embedding(20, 20));
  expect(await runs.keep("mira", path, NOW)).toMatchObject({ runFolder: folder.path, step: 20 });
  await writeFile(path, embedding(7, 20));
  const kept = await runs.keep("mira", path, NOW);
  expect(kept!.runFolder).not.toBe(folder.path);
  expect(await readFile(kept!.path)).toEqual(await readFile(path));
  expect(await runs.keep("mira", path, NOW)).toEqual(kept);
  expect((await histories()).map(({ isKept, copies }) => [isKept, copies.map(({ step }) => step)])).toEqual([
    [false, [20]],
    [true, [20]],
  ]);
  await writeFile(path, "no embedding");
  expect(await runs.keep("mira", path, NOW)).toBeUndefined();
  await rm(path);
});
