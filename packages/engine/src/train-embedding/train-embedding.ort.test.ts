import { LexemeError } from "@lexeme/core";
import { EmbeddingHistories, RunFolders } from "@lexeme/data-folder";
import { readPngParameters, writeTextualInversionPt } from "@lexeme/formats";
import { Txt2imgSettingsSchema, type TrainSettings } from "@lexeme/domain/settings";
import { rmSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { writeWordEmbedding, type DemoWorld } from "../../test/demo-world.ts";
import { readEmbedding, SmallTraining } from "../../test/small-training.ts";
import type { Engine } from "../engine.ts";
import { recordingPorts } from "../testing.ts";

let small: SmallTraining;
let world: DemoWorld;
let engine: Engine;
let embeddingPath: string;

beforeAll(async () => {
  small = await SmallTraining.open();
  ({ world, engine, embeddingPath } = small);
});
afterAll(() => small[Symbol.asyncDispose]());
beforeEach(() => small.newWord());
const settings: SmallTraining["settings"] = (some) => small.settings(some);
const train: SmallTraining["run"] = (some, ports) => small.run(some, ports);

// Real training takes half a minute on two idle cores, and minutes beside other work.
describe("training on the demo checkpoint", { timeout: 300_000 }, () => {
  test("60 steps teach the word: fixed loss falls, copies and previews are exact, the embedding works at once", async () => {
    const ports = recordingPorts();
    const results = await train(
      {
        dataRoot: world.dataRoot,
        learnRate: "5e-2:40, 5e-3",
        trainingWidth: 128,
        trainingHeight: 128,
        steps: 60,
        saveEmbeddingEvery: 20,
        createImageEvery: 30,
        previewPrompt: "a photo of mira",
      },
      ports,
    );
    const { before, now, step } = ports.progress.at(-1)!.fixedLoss!;
    expect(step).toBe(60);
    // The reference run begins at 0.0696 and has 0.0629 after 50 steps.
    expect(before).toBeCloseTo(0.0695, 3);
    expect(before - now).toBeGreaterThan(0.004);

    expect(results.summary).toBe("Finished 60 steps; mira.pt holds the trained vectors");
    const copies = results.artifacts.filter(({ kind }) => kind === "copy");
    expect(copies.map(({ path }) => basename(path))).toEqual(["mira-20.pt", "mira-40.pt", "mira-60.pt"]);
    for (const copy of copies) expect((await readEmbedding(copy.path)).step).toBe(copy.step);
    const previews = results.artifacts.filter(({ kind }) => kind === "preview");
    expect(previews.map(({ path }) => basename(path))).toEqual(["mira-0.png", "mira-30.png", "mira-60.png"]);
    expect(readPngParameters(await readFile(previews[0]!.path))).toMatch(
      /^a photo of mira\nSteps: 3, Sampler: DPM\+\+ 2M/,
    );

    const final = await readEmbedding(embeddingPath);
    expect(final).toMatchObject({
      step: 60,
      count: 1,
      width: 128,
      sdCheckpoint: "28313ef462",
      sdCheckpointName: "demo-world",
    });
    expect(final.vectors).toEqual((await readEmbedding(copies[2]!.path)).vectors);
    expect(ports.metrics.map((point) => point.step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(ports.metrics[39]!.learnRate).toBe(0.05);
    expect(ports.metrics[40]!.learnRate).toBe(0.005);

    const csv = (await readFile(join(results.folder!, "textual_inversion_loss.csv"), "utf8")).trimEnd().split("\n");
    expect(csv[0]).toBe("step,epoch,epoch_step,loss,learn_rate");
    expect(csv[15]).toMatch(/^15,1,0,0\.\d{7},0\.05$/);
    expect(csv).toHaveLength(61);
    expect((await readdir(results.folder!)).some((file) => /^settings-[\d-]+\.json$/.test(file))).toBe(true);

    const prompt = { prompt: "a photo of mira", width: 64, height: 64, steps: 2 };
    const { artifacts } = await engine.run(
      { kind: "txt2img", settings: Txt2imgSettingsSchema.parse(prompt), context: world.context },
      recordingPorts(),
    );
    expect(artifacts[0]!.infotext).toMatch(/TI hashes: "mira: [0-9a-f]{12}"/);
  });

  test("a preview that fails is left out with its reason, except for our own mistakes", async () => {
    const some = { steps: 2, createImageEvery: 1, previewPrompt: "mira" };
    const failing = (cause: Error, from = 0) => {
      const ports = recordingPorts();
      ports.onPreview = () => {
        if (ports.metrics.length >= from) throw cause;
      };
      return train(some, ports);
    };
    // The last is a plain Error, which sharp and ONNX Runtime throw too.
    for (const cause of [new LexemeError("OUT_OF_MEMORY", "Not enough memory"), new Error("Not enough memory")]) {
      const { warnings, summary } = await failing(cause);
      expect(warnings).toEqual([0, 1, 2].map((step) => `The preview at step ${step} was left out: Not enough memory`));
      expect(summary).toBe("Finished 2 steps; mira.pt holds the trained vectors");
      await rm(world.context.logDir, { recursive: true });
      await writeWordEmbedding(embeddingPath, { name: "mira", words: ["woman"] });
    }
    await expect(failing(new TypeError("a mistake"), 1)).rejects.toThrow("a mistake");
    // The vectors learned until then are in a copy, from which a run can continue.
    const copies = (await readdir(world.context.logDir, { recursive: true })).filter((path) =>
      path.endsWith("mira-1.pt"),
    );
    expect(copies).toHaveLength(1);
    expect((await readEmbedding(join(world.context.logDir, copies[0]!))).step).toBe(1);
  });

  test("a stop finishes the step and saves; continuing gives the bytes of an uninterrupted run, with or without previews", async () => {
    const seed = "12345678901234567890";
    const sampling = { latentSamplingMethod: "random", shuffleTags: true } as const;
    const whole = await train({ steps: 9, seed, saveEmbeddingEvery: 3, ...sampling });
    const expected = await readFile(embeddingPath);
    expect(whole.folder).toMatch(/mira$/);

    await writeWordEmbedding(embeddingPath, { name: "mira", words: ["woman"] });
    const stop = new AbortController();
    const ports = recordingPorts({ stopping: stop.signal });
    ports.onProgress = ({ step, phase }) => phase === "training" && step === 4 && stop.abort();
    const some = {
      saveEmbeddingEvery: 3,
      createImageEvery: 2,
      previewSeed: "18446744073709551615",
      ...sampling,
    } as const;
    const stopped = await train({ steps: 9, seed, ...some }, ports);
    const preview = stopped.artifacts.find(({ kind }) => kind === "preview")!;
    expect(preview.seed).toBe("18446744073709551615");
    expect(preview.infotext).toContain("Seed: 18446744073709551615,");
    const [file] = (await readdir(stopped.folder!)).filter((name) => name.startsWith("settings-"));
    const written = await readFile(join(stopped.folder!, file!), "utf8");
    expect(written).toContain('    "seed": 12345678901234567890,\n');
    expect(written).toContain('"preview_seed": 18446744073709551615,');
    expect(JSON.parse(written)).toMatchObject({ preview_scheduler: "Automatic", vae: "Automatic", file_format: null });
    expect(stopped.summary).toBe("Stopped at step 4 of 9; mira.pt holds the trained vectors");
    expect((await readEmbedding(embeddingPath)).step).toBe(4);
    // Another run of the same day and name has its own folder.
    expect(stopped.folder).toBe(`${whole.folder} (2)`);

    const fromEmbedding = recordingPorts();
    const rest = await train({ steps: 9, ...some, seed: "-1" }, fromEmbedding);
    expect(fromEmbedding.metrics.map(({ step }) => step)).toEqual([5, 6, 7, 8, 9]);
    // The continued run keeps the loss from before the first run's first step.
    const { before } = ports.progress.at(-1)!.fixedLoss!;
    expect(fromEmbedding.progress.at(-1)!.fixedLoss!.before).toBe(before);
    expect(rest.folder).toBe(stopped.folder);
    expect(await readFile(embeddingPath)).toEqual(expected);
    const csv = await readFile(join(rest.folder!, "textual_inversion_loss.csv"), "utf8");
    const numbers = csv
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((row) => Number(row.split(",")[0]));
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);

    // A run from an older copy has its own folder, so the newer copies stay.
    const resumeFrom = stopped.artifacts.find(({ kind }) => kind === "copy")!.path;
    const fromCopy = recordingPorts();
    const again = await train({ steps: 9, ...some, seed: "-1", resumeFrom }, fromCopy);
    expect(fromCopy.metrics.map(({ step }) => step)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(again.folder).toBe(`${whole.folder} (3)`);
    expect(await readFile(embeddingPath)).toEqual(expected);
  });

  test("a run's folder has its whole history: the beginning, each copy with its loss, the stop, and the embedding that a run from an earlier copy replaced", async () => {
    const stop = new AbortController();
    const ports = recordingPorts({ stopping: stop.signal });
    ports.onProgress = ({ step, phase }) => phase === "training" && step === 5 && stop.abort();
    const first = await train({ steps: 9, saveEmbeddingEvery: 2, createImageEvery: 4, previewSteps: 1 }, ports);
    const runs = new EmbeddingHistories(new RunFolders(world.context.logDir));
    const [run] = await runs.read("mira");
    expect(run).toMatchObject({
      folder: first.folder,
      jobs: ["1"],
      from: null,
      initialStep: 0,
      lastStep: 5,
      steps: 9,
      ending: { how: "stopped", step: 5, message: null, replaced: null },
    });
    // The stop wrote the copy of step 5; the copy of step 0 holds the embedding before the training.
    expect(run!.copies.map(({ step }) => step)).toEqual([0, 2, 4, 5]);
    expect(run!.previews.map(({ step }) => step)).toEqual([0, 4]);
    expect(run!.copies[0]!.previewPath).toBe(run!.previews[0]!.path);
    expect(run!.copies[0]!.fixedLoss!.value).toBe(ports.progress.at(-1)!.fixedLoss!.before);
    expect(run!.points.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
    expect((await readEmbedding(run!.copies[3]!.path)).vectors).toEqual((await readEmbedding(embeddingPath)).vectors);

    // The stop saved the optimizer's state, so the next training continues the same run in its folder.
    await train({ steps: 6, saveEmbeddingEvery: 2 });
    const finished = await readEmbedding(embeddingPath);
    // No run has the vectors that another program wrote meanwhile.
    await writeWordEmbedding(embeddingPath, { name: "mira", words: ["red"], step: 6 });
    const [foreign, copy] = [await readFile(embeddingPath), run!.copies[1]!];
    await train({ steps: 3, resumeFrom: copy.path });
    const [whole, branch, kept] = await runs.read("mira");
    expect(whole).toMatchObject({ folder: first.folder, lastStep: 6, ending: { how: "finished", step: 6 } });
    expect(whole!.points.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await readEmbedding(whole!.copies.at(-1)!.path)).vectors).toEqual(finished.vectors);
    expect(branch).toMatchObject({ from: { folder: first.folder, step: 2 }, initialStep: 2, lastStep: 3 });
    expect(branch!.copies.map(({ step }) => step)).toEqual([3]);
    expect(kept).toMatchObject({ isKept: true, copies: [{ step: 6 }] });
    expect(branch!.ending!.replaced).toEqual({ folder: kept!.folder, step: 6 });
    expect(await readFile(kept!.copies[0]!.path)).toEqual(foreign);
  });

  test("a killed run continues in its folder, even before its first copy or without the optimizer's state", async () => {
    const { logDir } = world.context;
    const killed = async (atStep: number, some: Partial<TrainSettings>) => {
      // A cancel saves nothing, like a kill.
      const kill = new AbortController();
      const ports = recordingPorts({ cancelled: kill.signal });
      const context = { ...world.context, options: { ...world.context.options, save_optimizer_state: false } };
      ports.onProgress = ({ step, phase }) => phase === "training" && step === atStep && kill.abort();
      const work = { kind: "train-embedding" as const, settings: settings({ steps: 6, ...some }), context };
      await expect(engine.run(work, ports)).rejects.toMatchObject({ name: "AbortError" });
    };
    await killed(2, { saveEmbeddingEvery: 3 });
    await killed(5, { saveEmbeddingEvery: 3 });
    const runs = new RunFolders(logDir);
    const [run] = await runs.list("mira");
    await train({ saveEmbeddingEvery: 3, resumeFrom: run!.copies.at(-1)!.path });
    const [history, ...others] = await new EmbeddingHistories(runs).read("mira");
    expect(others).toEqual([]);
    expect(history!.points.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(history!.copies.map(({ step }) => step)).toEqual([0, 3, 6]);
    expect(history!.jobs).toEqual(["1", "1", "1"]);
  });

  test("a cancel leaves the embedding as it was, and the copies", async () => {
    const before = await readFile(embeddingPath);
    const cancel = new AbortController();
    const ports = recordingPorts({ cancelled: cancel.signal });
    ports.onProgress = ({ step, phase }) => phase === "training" && step === 5 && cancel.abort();
    await expect(train({ saveEmbeddingEvery: 2, steps: 50 }, ports)).rejects.toMatchObject({ name: "AbortError" });
    expect(await readFile(embeddingPath)).toEqual(before);
    expect(ports.artifacts.map(({ path }) => basename(path))).toEqual(["mira-2.pt", "mira-4.pt"]);
  });

  test("a stop while the pictures are prepared changes nothing; a copy that cannot be written is a warning and training continues", async () => {
    const before = await readFile(embeddingPath);
    const stop = new AbortController();
    const ports = recordingPorts({ stopping: stop.signal });
    ports.onProgress = ({ phase }) => phase === "encoding-pictures" && stop.abort();
    expect((await train({}, ports)).summary).toBe("Stopped before the first step; nothing was changed");
    expect(await readFile(embeddingPath)).toEqual(before);

    const losing = recordingPorts();
    losing.onArtifact = ({ kind, path }) => kind === "copy" && rmSync(dirname(path), { recursive: true });
    const results = await train({ steps: 4, saveEmbeddingEvery: 2 }, losing);
    expect(results.warnings.join()).toContain("The copy at step 4 was left out");
    expect((await readEmbedding(embeddingPath)).step).toBe(4);
  });

  test("NaN ends the run with the last good vectors, and is never saved", async () => {
    const before = await readFile(embeddingPath);
    const failure = await train({ learnRate: "5e-2:3, 3e38", steps: 20 }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "TRAINING_DIVERGED", details: { field: "learnRate" } });
    const { kept, step } = (failure as { details: { kept: string; step: number } }).details;
    const saved = await readEmbedding(kept);
    expect(saved.step).toBe(step - 1);
    expect(saved.vectors.every(Number.isFinite)).toBe(true);
    expect(await readFile(embeddingPath)).toEqual(before);
  });

  test("accumulation takes one optimizer step for the mean of its batches", async () => {
    const [accumulated, single] = [recordingPorts(), recordingPorts()];
    // A rate of 0 leaves the vectors alone, so both runs see the same two batches with the same embedding.
    await train({ gradientStep: 2, steps: 1, learnRate: "0" }, accumulated);
    await writeWordEmbedding(embeddingPath, { name: "mira", words: ["woman"] });
    await train({ steps: 2, learnRate: "0" }, single);
    const [first, second] = single.metrics.map(({ loss }) => loss);
    expect(accumulated.metrics).toHaveLength(1);
    expect(accumulated.metrics[0]!.loss).toBeCloseTo((first! + second!) / 2, 6);
  });

  test("the end of the schedule ends the run; a finished embedding needs a larger number of steps", async () => {
    const results = await train({ learnRate: "5e-2:3", steps: 9 });
    expect(results.summary).toContain("Finished at step 3");
    await expect(train({ steps: 3 })).rejects.toMatchObject({ code: "NOTHING_TO_TRAIN", details: { field: "steps" } });
    const ports = recordingPorts();
    await train({ steps: 5 }, ports);
    expect(ports.metrics.map(({ step }) => step)).toEqual([4, 5]);
  });

  test("settings that cannot work are refused with their field, before anything is written", async () => {
    const { embeddingsDir, templatesDir, logDir } = world.context;
    await writeFile(join(templatesDir, "covered.txt"), "a photo of [name] cat\n");
    await writeWordEmbedding(join(embeddingsDir, "mira cat.pt"), { name: "mira cat", words: ["cat"] });
    const wide = { name: "wide", vectors: new Float32Array(1024), count: 1, width: 1024, step: 0 };
    const bytes = writeTextualInversionPt({ ...wide, sdCheckpoint: undefined, sdCheckpointName: undefined });
    await writeFile(join(embeddingsDir, "wide.pt"), bytes);
    const empty = join(world.root, "empty");
    await mkdir(empty, { recursive: true });
    const cases: [Partial<TrainSettings>, string, string | undefined][] = [
      [{ learnRate: "5e-2:x" }, "LEARNING_RATE_UNREADABLE", "learnRate"],
      [{ clipGradMode: "norm", clipGradValue: "much" }, "LEARNING_RATE_UNREADABLE", "clipGradValue"],
      [{ embeddingName: "nobody" }, "EMBEDDING_MISSING", "embeddingName"],
      [{ embeddingName: "wide" }, "EMBEDDING_MISFIT", undefined],
      [{ templateFilename: "missing.txt" }, "TEMPLATE_MISSING", "templateFilename"],
      [{ templateFilename: "none.txt" }, "TEMPLATE_WITHOUT_NAME", "templateFilename"],
      [{ templateFilename: "covered.txt" }, "EMBEDDING_NOT_IN_PROMPTS", "templateFilename"],
      [{ dataRoot: join(world.root, "nowhere") }, "FOLDER_MISSING", "dataRoot"],
      [{ dataRoot: empty }, "NO_PICTURES", "dataRoot"],
    ];
    for (const [some, code, field] of cases) {
      const error = await train(some).catch((cause: unknown) => cause);
      expect(error).toMatchObject(field === undefined ? { code } : { code, details: { field } });
    }
    await expect(readdir(logDir)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
