/** @file kill -9 of the server or of its workers in the middle of jobs: each job comes to its end, with the bytes of a job that nobody disturbed. */
import { readdir, readFile, rm } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";
import type { JobKind, SettingsOf } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { Program } from "../program.ts";
import type { Trial } from "../trial.ts";

/** A job as a trial knows it: how it begins, and the bytes that it leaves. */
interface Case<K extends JobKind = JobKind> {
  kind: K;
  settings: Partial<SettingsOf<K>>;
  prepare(program: Program): Promise<void>;
  /** Hashes of the files that the job made, by name. */
  made(job: Job): Promise<Record<string, string>>;
}

export const killJobs: Trial = {
  name: "kill-jobs",
  fault: "`kill -9` of the server or of its workers during trainings, pictures, plots, preprocesses and notebooks",
  promise: "each job ends; same bytes as undisturbed",
  tries: { whole: 100, short: 4 },
  async run({ dataDir, tries, random, say, fail }) {
    let program = await Program.start(dataDir);
    const cases = jobCases(dataDir);
    const undisturbed: { files: Record<string, string>; ms: number }[] = [];
    await program.demand("POST", "/api/embeddings", { name: "nobody", initText: "man" });
    for (const one of cases) {
      await one.prepare(program);
      // The first run opens the sessions, so the second one is timed.
      await program.ended((await program.create(one.kind, one.settings)).id);
      await one.prepare(program);
      const startedMs = performance.now();
      const job = await program.ended((await program.create(one.kind, one.settings)).id);
      if (job.state !== "done") throw new Error(`${one.kind} failed without a fault: ${JSON.stringify(job.error)}`);
      undisturbed.push({ files: await one.made(job), ms: performance.now() - startedMs });
    }
    let resumed = 0;
    for (let round = 0; round < tries; round++) {
      const index = round % cases.length;
      const one = cases[index];
      const whole = undisturbed[index];
      if (one === undefined || whole === undefined) throw new Error("no case");
      await one.prepare(program);
      let job = await program.create(one.kind, one.settings);
      await wait(random() * whole.ms * 1.2);
      // Rounds alternate between server and workers, for each kind of job.
      if (Math.floor(round / cases.length) % 2 === 0) {
        await program.kill();
        program = await Program.start(dataDir);
      } else await program.killWorkers();
      job = await program.ended(job.id);
      if (job.state === "failed" && job.error?.code === "INTERRUPTED") {
        resumed++;
        job = await program.ended((await program.demand<Job>("POST", `/api/jobs/${job.id}/retry`)).id);
      }
      if (job.state !== "done") fail(`kill ${round}: ${one.kind} ended as ${job.state}: ${job.error?.message ?? ""}`);
      else {
        const files = await one.made(job);
        const differs = [...new Set([...Object.keys(files), ...Object.keys(whole.files)])].filter(
          (name) => files[name] !== whole.files[name],
        );
        if (differs.length > 0) fail(`kill ${round}: ${one.kind} made other bytes: ${differs.join(", ")}`);
      }
      say(`kill ${round + 1} of ${tries}: ${one.kind}`);
    }
    await program.stop();
    return `${resumed} trainings were continued by hand after the server's death (rule R1)`;
  },
};

function jobCases(dataDir: string): Case[] {
  const words = join(dataDir, "embeddings");
  const dataset = join(dataDir, "datasets", "faces");
  const photos = join(dataDir, "datasets", "prepared");
  const size = { width: 64, height: 64, cfgScale: 4, seed: "5" } as const;
  const images: Case["made"] = async ({ results }) =>
    // Names of pictures have a running number, which grows from job to job.
    Object.fromEntries(
      await Promise.all(
        results.artifacts.map(async ({ path, kind }, index) => [`${kind} ${index}`, hash(await readFile(path))]),
      ),
    );
  return [
    {
      kind: "preprocess",
      settings: {
        processSrc: DEMO_PHOTOS_DIR,
        processDst: dataset,
        processWidth: 64,
        processHeight: 64,
        overwriteDestination: true,
      },
      // The pictures of the round before must not stand for those of this one.
      prepare: () => rm(dataset, { recursive: true, force: true }),
      made: () => filesIn(dataset),
    },
    {
      kind: "train-embedding",
      settings: {
        embeddingName: "word",
        dataRoot: photos,
        templateFilename: "subject.txt",
        trainingWidth: 64,
        trainingHeight: 64,
        steps: 24,
        saveEmbeddingEvery: 6,
        createImageEvery: 12,
        previewSteps: 2,
        latentSamplingMethod: "random",
        seed: "3",
      },
      async prepare(program) {
        const there = await readdir(photos).catch(() => []);
        if (there.length === 0) {
          const settings = { processSrc: DEMO_PHOTOS_DIR, processDst: photos, processWidth: 64, processHeight: 64 };
          await program.ended((await program.create("preprocess", settings)).id);
        }
        await program.demand("POST", "/api/embeddings", { name: "word", initText: "woman", overwriteOld: true });
      },
      made: async () => ({ "word.pt": hash(await readFile(join(words, "word.pt"))) }),
    },
    {
      kind: "txt2img",
      settings: { prompt: "a photo of nobody", ...size, steps: 4, nIter: 3 },
      prepare: () => Promise.resolve(),
      made: images,
    },
    {
      kind: "xyz-plot",
      settings: {
        prompt: "a photo of nobody",
        ...size,
        steps: 2,
        xType: "Seed",
        xValues: "1-3",
        yType: "Steps",
        yValues: "2,3",
      },
      prepare: () => Promise.resolve(),
      made: images,
    },
    {
      kind: "notebook",
      settings: { embeddingName: "nobody" },
      prepare: () => Promise.resolve(),
      made: () => Promise.resolve({}),
    },
  ] as Case[];
}

async function filesIn(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const file of await readdir(folder)) files[file] = hash(await readFile(join(folder, file)));
  return files;
}

function hash(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
