/** @file Runs that a training writes and lists read: a day's second run, names that look numbered, names that no file may have. */
import { appendFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LossLog, readLossLog } from "./loss-log.ts";
import { writeOptimizerFile } from "./optimizer-file.ts";
import type { RunFolder } from "./run-folder.ts";
import { renameRun } from "./run-name.ts";
import { RunFolders } from "./run-folders.ts";
import { writeWholeFile } from "./whole-file.ts";

const NOW = new Date(2026, 10, 24, 17, 5, 9);
let root: string;
let runs: RunFolders;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lexeme-runs-"));
  runs = new RunFolders(root);
});
afterEach(() => rm(root, { recursive: true }));

interface RunMade {
  copies?: readonly number[];
  withSettings?: boolean;
  resumedFolder?: string;
  initialStep?: number;
}

/** Writes the files of a training. */
async function train(embeddingName: string, made: RunMade = {}): Promise<RunFolder> {
  const { copies = [], withSettings = true, resumedFolder, initialStep = 0 } = made;
  const run = await runs.open({ embeddingName, resumedFolder, initialStep, now: NOW });
  if (withSettings) await run.writeSettings({ embedding_name: embeddingName, steps: 10 }, NOW);
  for (const step of copies) {
    await writeWholeFile(run.copyPath(step, "pt"), "copy", { replace: true });
    await writeWholeFile(run.previewPath(step), "preview", { replace: true });
  }
  return run;
}

const listed = async (embedding?: string) =>
  (await runs.list(embedding)).map(({ embeddingName, folder, copies, previews }) => [
    embeddingName,
    basename(folder),
    copies.map(({ step }) => step),
    previews.map(({ step }) => step),
  ]);

describe("RunFolders", () => {
  it("names that differ in case or normal form are one embedding", async () => {
    await train("Caf\u00e9", { copies: [5] });
    const run = await train("cafe\u0301", { copies: [7] });
    const vectors = Float32Array.from([1]);
    const state = { step: 7, expAvg: vectors, expAvgSq: vectors };
    await writeOptimizerFile(run.optimizerPath(7), vectors, { seed: 7n, state });
    const steps = (await runs.list("CAF\u00c9")).flatMap(({ copies }) => copies.map(({ step }) => step));
    expect(new Set(steps)).toEqual(new Set([5, 7]));
    expect(await runs.findOptimizer("CAF\u00c9", { step: 7, vectors })).toMatchObject({ runFolder: run.path });
  });

  it("a day's second run has its own folder and is a run of the same embedding", async () => {
    await train("mira", { copies: [500, 1000] });
    await train("mira", { copies: [5, 10] });
    expect(await listed("mira")).toEqual([
      ["mira", "mira (2)", [5, 10], [5, 10]],
      ["mira", "mira", [500, 1000], [500, 1000]],
    ]);
    expect(await listed("mira (2)")).toEqual([]);
    expect(basename(dirname((await runs.list())[0]!.folder))).toBe("2026-11-24");
  });

  it("without settings the copies' names show whether a number belongs to the name", async () => {
    await train("mira", { copies: [5], withSettings: false });
    await train("mira", { copies: [7], withSettings: false });
    await train("vera (2)", { copies: [9], withSettings: false });
    expect((await listed("mira")).map(([, folder]) => folder)).toEqual(["mira (2)", "mira"]);
    expect(await listed("vera (2)")).toEqual([["vera (2)", "vera (2)", [9], [9]]]);
    expect(await listed("vera")).toEqual([]);
  });

  it("an embedding with the name of a second run is another embedding", async () => {
    await train("mira", { copies: [5] });
    await train("mira", { copies: [6] });
    const own = await train("mira (2)", { copies: [7] });
    expect(basename(own.path)).toBe("mira (2) (2)");
    expect((await listed("mira (2)")).map(([, , steps]) => steps)).toEqual([[7]]);
    expect((await listed("mira")).map(([, , steps]) => steps)).toEqual([[6], [5]]);
  });

  it("a numbered run without files belongs to the embedding of the day's run without the number", async () => {
    for (const name of ["mira", "mira (2)", "vera (2)"])
      await mkdir(join(root, "2026-11-24", name), { recursive: true });
    expect((await listed("mira")).length).toBe(2);
    expect((await listed("vera (2)")).length).toBe(1);
  });

  it.each(["charturner(v2)", "it's", "cafe\u0301", "a/b", "../up", "con", "x".repeat(300)])(
    "runs of %j lie below the log directory and are found by that name",
    async (name) => {
      const run = await train(name, { copies: [3] });
      await train(name, { copies: [4] });
      expect(dirname(run.path)).toBe(join(root, "2026-11-24"));
      expect((await listed(name)).map(([embedding, , steps]) => [embedding, steps])).toEqual([
        [name, [4]],
        [name, [3]],
      ]);
      const [all] = await runs.list();
      expect(all?.embeddingName).toBe(name);
    },
  );

  it("a run that continues from its last copy stays in its folder; a run that continues from an earlier copy does not", async () => {
    const first = await train("mira", { copies: [5, 10] });
    const on = await train("mira", { resumedFolder: first.path, initialStep: 10 });
    expect(on.path).toBe(first.path);
    const again = await train("mira", { resumedFolder: first.path, initialStep: 5 });
    expect(basename(again.path)).toBe("mira (2)");
  });

  it("a renamed run is found by its new name, with the optimizer's state that was written under the old one; a run from it has a folder of its own", async () => {
    const run = await train("mira", { copies: [5] });
    const state = { step: 5, expAvg: new Float32Array([3]), expAvgSq: new Float32Array([4]) };
    await writeOptimizerFile(run.optimizerPath(5), Float32Array.from([1]), { seed: 7n, state });
    await renameRun(run.path, "lara");
    const found = await runs.findOptimizer("lara", { step: 5, vectors: Float32Array.from([1]) });
    expect(found).toMatchObject({ runFolder: run.path, seed: 7n });
    expect(await runs.list("mira")).toEqual([]);
    const next = await train("lara", { resumedFolder: run.path, initialStep: 5 });
    expect(basename(next.path)).toBe("lara");
    expect((await runs.folders("lara")).map(({ path }) => basename(path))).toEqual(["lara", "mira"]);
  });

  it("a run that continues from a renamed embedding's run under its old name has a folder of its own", async () => {
    const run = await train("mira", { copies: [5] });
    await renameRun(run.path, "lena");
    const next = await train("mira", { copies: [10], resumedFolder: run.path, initialStep: 5 });
    expect(basename(next.path)).toBe("mira (2)");
    expect((await listed("lena")).map(([, folder, steps]) => [folder, steps])).toEqual([["mira", [5]]]);
    expect((await listed("mira")).map(([, folder, steps]) => [folder, steps])).toEqual([["mira (2)", [10]]]);
    await renameRun(run.path, "mira");
    const back = await train("mira", { resumedFolder: run.path, initialStep: 5 });
    expect(back.path).toBe(run.path);
  });

  it("the vectors identify the optimizer's state in any run of the embedding", async () => {
    await train("mira", { copies: [5] });
    const run = await train("mira", { copies: [5] });
    const vectors = Float32Array.from([1, 2]);
    const state = { step: 5, expAvg: Float32Array.from([3, 4]), expAvgSq: Float32Array.from([5, 6]) };
    await writeOptimizerFile(run.optimizerPath(5), vectors, { seed: 7n, state });
    const found = await runs.findOptimizer("mira", { step: 5, vectors });
    expect(found).toMatchObject({ runFolder: run.path, seed: 7n, state });
    expect(await runs.findOptimizer("mira", { step: 5, vectors: Float32Array.from([1, 3]) })).toBeUndefined();
  });

  it("a chart reads the rows that a training writes; a resumed run replaces the rows after its first step", async () => {
    const run = await train("mira");
    const write = async (initialStep: number, steps: readonly number[]) => {
      const log = await LossLog.open(run.lossLogPath, { initialStep, every: 1 });
      for (const step of steps)
        await log.add({ step, epoch: 0, epochStep: step - 1, loss: step / 10, learnRate: 0.005 });
      await log.flush();
    };
    await write(0, [1, 2, 3]);
    await write(2, [3, 4]);
    expect((await readLossLog(run.path)).map(({ step, loss }) => [step, loss])).toEqual([
      [1, 0.1],
      [2, 0.2],
      [3, 0.3],
      [4, 0.4],
    ]);
  });

  it("torn rows of a log are cut at its end and in its middle", async () => {
    const run = await train("mira");
    const rows = ["step,epoch,epoch_step,loss,learn_rate", "1,0,0,0.1,0.005", "2,0,1,0.", "2,0,1,0.2,0.005", "3,0"];
    await writeFile(run.lossLogPath, rows.join("\n"));
    const log = await LossLog.open(run.lossLogPath, { initialStep: 3, every: 1 });
    await log.add({ step: 3, epoch: 0, epochStep: 2, loss: 0.3, learnRate: 0.005 });
    await log.flush();
    const [header, first, , second] = rows;
    const third = "3,0,2,0.3000000,0.005";
    expect(await readFile(run.lossLogPath, "utf8")).toBe(`${[header, first, second, third].join("\n")}\n`);
  });

  it("rows that cannot be written wait until they can, and no row is torn or missing afterwards", async () => {
    const run = await train("mira");
    const log = await LossLog.open(run.lossLogPath, { initialStep: 0, every: 1 });
    const add = (step: number) => log.add({ step, epoch: 0, epochStep: step - 1, loss: 0.1, learnRate: 0.005 });
    await add(1);
    await log.flush();
    const aside = `${run.lossLogPath}.aside`;
    await rename(run.lossLogPath, aside);
    await mkdir(run.lossLogPath);
    await add(2);
    await log.flush();
    expect(log.fault).toContain("could not be written");
    await rm(run.lossLogPath, { recursive: true });
    await rename(aside, run.lossLogPath);
    // The rest of an interrupted write.
    await appendFile(run.lossLogPath, "2,0,1,0.");
    await add(3);
    await log.flush();
    expect(log.fault).toBeUndefined();
    expect((await readLossLog(run.path)).map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it("a missing log directory has no runs; an unreadable log directory gives an error", async () => {
    expect(await new RunFolders(join(root, "none")).list()).toEqual([]);
    await symlink("loop", join(root, "loop"));
    await expect(new RunFolders(join(root, "loop")).list()).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  });

  it("an unreadable run is left out of the list of all runs, and gives an error in the list of its embedding", async () => {
    await train("mira", { copies: [5] });
    for (const name of ["vera", "vera (2)"]) {
      await mkdir(join(root, "2026-11-24", name), { recursive: true });
      await symlink("embeddings", join(root, "2026-11-24", name, "embeddings"));
    }
    expect(await listed("mira")).toEqual([["mira", "mira", [5], [5]]]);
    expect(await listed()).toEqual([["mira", "mira", [5], [5]]]);
    expect(await runs.findOptimizer("mira", { step: 5, vectors: Float32Array.from([1]) })).toBeUndefined();
    await expect(runs.list("vera")).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  });

  it("an unreadable optimizer's state counts as missing", async () => {
    const run = await train("mira", { copies: [5] });
    await symlink("mira-5.json", run.optimizerPath(5));
    expect(await runs.findOptimizer("mira", { step: 5, vectors: Float32Array.from([1]) })).toBeUndefined();
  });

  it("two embeddings whose files have the same name stay apart if the settings name them", async () => {
    await train("a/b", { copies: [1] });
    await train("a_b", { copies: [2] });
    expect((await listed("a/b")).map(([, , steps]) => steps)).toEqual([[1]]);
    expect((await listed("a_b")).map(([, , steps]) => steps)).toEqual([[2]]);
    await train("a/b", { copies: [3], withSettings: false });
    expect((await listed("a/b")).map(([, , steps]) => steps)).toEqual([[3], [1]]);
  });

  it("settings of A1111 and other files do not count as copies", async () => {
    const run = await train("mira", { copies: [5] });
    await writeFile(join(run.path, "embeddings", "notes.txt"), "");
    await writeFile(join(run.path, "embeddings", ".mira-7.pt"), "");
    await mkdir(join(run.path, "embeddings", "mira-8.pt"));
    await writeFile(join(run.path, "settings-0.json"), "{ broken");
    await writeFile(join(root, "a file"), "");
    expect(await listed()).toEqual([["mira", "mira", [5], [5]]]);
  });
});
