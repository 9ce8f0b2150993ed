/** @file The disk fills up under one part of the data folder during work: nothing that was there is harmed, and the work is done when there is room. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";
import { isFinished } from "@lexeme/domain/jobs";
import type { Job, System } from "@lexeme/protocol";
import { fillDisk, mountSmall, unmount } from "../mounts.ts";
import { Program } from "../program.ts";
import type { Trial, TrialContext } from "../trial.ts";

/** A part of the data folder, and the size of its file system; the database takes some 40 MB. */
const PLACES = [
  { folder: "embeddings", megabytes: 4 },
  { folder: "outputs", megabytes: 4 },
  { folder: "textual_inversion", megabytes: 8 },
  { folder: ".lexeme", megabytes: 160 },
];
/** How long the disk stays full after the work should have ended. */
const FULL_MS = 8_000;

export const fullDisks: Trial = {
  name: "full-disk",
  fault:
    "a full disk under embeddings, pictures, runs or the database, during a training and a picture, and at the start",
  promise: "old files whole; a sentence; done when there is room",
  tries: { whole: 4, short: 1 },
  mounts: true,
  async run(context) {
    const { dataDir, tries, say } = context;
    // The short form takes the database, where most can break.
    for (const { folder, megabytes } of PLACES.slice(-tries)) {
      say(`full disk under ${folder}`);
      const place = { dataDir: join(dataDir, `under-${folder.replace(".", "")}`), folder };
      await mountSmall(join(place.dataDir, folder), megabytes);
      try {
        await tryPlace(place, context);
      } finally {
        unmount(join(place.dataDir, folder));
      }
    }
    return "";
  },
};

async function tryPlace(
  { dataDir, folder }: { dataDir: string; folder: string },
  { fail }: TrialContext,
): Promise<void> {
  let program = await Program.start(dataDir);
  const photos = join(dataDir, "datasets", "photos");
  const preprocess = { processSrc: DEMO_PHOTOS_DIR, processDst: photos, processWidth: 64, processHeight: 64 };
  await program.ended((await program.create("preprocess", preprocess)).id);
  for (const name of ["word", "other"]) await program.demand("POST", "/api/embeddings", { name, initText: "woman" });
  const picture = { prompt: "a man", width: 64, height: 64, steps: 2 };
  await program.ended((await program.create("txt2img", picture)).id);
  const before = await contentOf(dataDir);

  const training = await program.create("train-embedding", {
    embeddingName: "word",
    dataRoot: photos,
    templateFilename: "subject.txt",
    trainingWidth: 64,
    trainingHeight: 64,
    steps: 60,
    saveEmbeddingEvery: 10,
    createImageEvery: 0,
  });
  for (;;) {
    const { progress, state } = await program.demand<Job>("GET", `/api/jobs/${training.id}`);
    if ((progress?.step ?? 0) > 20 || isFinished(state)) break;
    await wait(20);
  }
  const makeRoom = await fillDisk(join(dataDir, folder));
  await wait(FULL_MS);
  if ((await program.get<System>("/api/system"))?.status !== 200) fail(`${folder}: the page gets no answer`);
  const drawn = await program.send<Job | { message: string }>("POST", "/api/jobs", {
    kind: "txt2img",
    settings: picture,
  });
  if (drawn === null || drawn.status === 500) fail(`${folder}: a new picture gets ${JSON.stringify(drawn)}`);
  const now = await contentOf(dataDir);
  for (const [path, content] of Object.entries(before))
    if (path !== "embeddings/word.pt" && now[path] !== content) fail(`${folder}: ${path} is not what it was`);

  if (folder === ".lexeme") {
    await program.kill();
    program = await Program.start(dataDir, { answers: "/api/system" });
    const { troubles } = await program.demand<System>("GET", "/api/system");
    if (troubles.length === 0) fail(`${folder}: the page does not say that the disk is full`);
  }
  await makeRoom();
  // The job list opens by itself.
  while ((await program.get("/api/jobs"))?.status !== 200) await wait(200);
  let job = await program.ended(training.id);
  if (job.state === "failed") {
    const again = await program.send("POST", `/api/jobs/${job.id}/retry`);
    // A kill after the last step leaves a word that has learned everything, and "try again" says so.
    const hasAll = again?.status === 422 && (again.body as { code?: string }).code === "NOTHING_TO_TRAIN";
    if (hasAll) job = { ...job, state: "done" };
    else if (again?.status === 200) job = await program.ended((again.body as Job).id);
  }
  if (job.state !== "done") fail(`${folder}: the training ended as ${job.state}: ${job.error?.message ?? ""}`);
  const again = await program.ended((await program.create("txt2img", picture)).id);
  if (again.state !== "done") fail(`${folder}: no picture although there is room: ${again.error?.message ?? ""}`);
  await program.stop();
}

/** The content of all pictures and embeddings in the folder. */
async function contentOf(dataDir: string): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const folder of ["embeddings", "outputs", "datasets"])
    for (const path of await readdir(join(dataDir, folder), { recursive: true }))
      if (/\.(pt|png|txt)$/.test(path))
        content[`${folder}/${path}`] = (await readFile(join(dataDir, folder, path))).toString("base64");
  return content;
}
