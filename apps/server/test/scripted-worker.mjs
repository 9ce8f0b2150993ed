/** @file A worker for the server's tests: uses the real protocol, and follows the script in a job's prompt instead of computing. */
import { setTimeout as sleep } from "node:timers/promises";

/** @param {import("@lexeme/protocol").WorkerToServer} message */
const send = (message) => process.send?.(message);

const PROGRESS = { phase: "drawing", step: 0, steps: 10, secondsPerStep: 0.01, etaSeconds: null };

/** What the server asked of each running job. */
const asked = new Map();

function note({ jobId }, name, value) {
  asked.set(jobId, { ...asked.get(jobId), [name]: value });
}

process.on("message", async (/** @type {import("@lexeme/protocol").ServerToWorker} */ message) => {
  switch (message.type) {
    case "start": {
      const report = { asked: message.device, used: "cpu", fallbackReason: null, threads: 1, selfTest: null };
      return send({ type: "ready", report, pid: process.pid });
    }
    case "stop":
    case "interrupt":
      return note(message, "stopped", true);
    case "cancel":
      return note(message, "cancelled", true);
    case "hold":
      return note(message, "held", true);
    case "go-on":
      return note(message, "held", false);
    case "skip":
      return undefined;
    case "run":
      asked.set(message.jobId, {});
      return run(message);
  }
});
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {});

async function run({ jobId, work: { kind, settings, context } }) {
  const script = kind === "train-embedding" ? settings.previewPrompt : (settings.prompt ?? "");
  const progress = (step, steps) => send({ type: "progress", jobId, progress: { ...PROGRESS, step, steps } });
  const results = {
    artifacts: [],
    warnings: [],
    summary: JSON.stringify({
      pid: process.pid,
      resumeFrom: settings.resumeFrom ?? null,
      checkpoint: context.checkpoint?.name ?? null,
      upscaler: context.upscaler ?? null,
      drawn: context.drawn?.map(({ path }) => path) ?? null,
      format: context.options?.samples_format,
      outputsDir: context.outputsDir ?? null,
      unsavedDir: context.unsavedDir ?? null,
    }),
  };
  send({ type: "log", jobId, line: `running ${script}` });
  progress(0, 10);
  const word = script.split(" ")[0];
  switch (word) {
    case "done":
      return send({ type: "done", jobId, results });
    case "fail":
      return send({
        type: "failed",
        jobId,
        error: { code: "OUT_OF_MEMORY", kind: "environment", message: "Not enough memory: make the picture smaller" },
      });
    case "deaf":
      // Like inside a long step: the answer comes later than the server usually waits for it.
      while (!asked.get(jobId).cancelled) await sleep(10);
      await sleep(900);
      return send({ type: "cancelled", jobId });
    case "slow":
      await sleep(300);
      return send({ type: "done", jobId, results });
    case "hostile": {
      // Texts and numbers that a row cannot hold or that no schema accepts, among valid values.
      const text = "a\0 b \uD83D";
      const artifact = { kind: "image", path: "/pictures/a.png", seed: "1", infotext: text };
      send({ type: "progress", jobId, progress: { ...PROGRESS, loss: Number.NaN, prompt: text } });
      send({ type: "progress", jobId, progress: { step: "many" } });
      send({
        type: "metrics",
        jobId,
        points: [
          { step: 1, loss: Number.NaN, learnRate: 1 },
          { step: 2, loss: 2, learnRate: 1 },
        ],
      });
      send({ type: "artifact", jobId, artifact });
      send({ type: "artifact", jobId, artifact: { kind: "sculpture", path: 1 } });
      send({ type: "log", jobId, line: text });
      await sleep(10);
      if (script.endsWith("fails")) {
        const error = { code: "OUT_OF_MEMORY", kind: "environment", message: text, details: { [text]: [text] } };
        return send({ type: "failed", jobId, error });
      }
      const skipped = [{ file: text, reason: text }];
      return send({
        type: "done",
        jobId,
        results: { artifacts: [{}, artifact], warnings: [text, null], summary: text, skipped },
      });
    }
    case "many": {
      const artifacts = Array.from({ length: 300 }, (_, i) => ({
        kind: "image",
        path: `/pictures/${i}.png`,
        seed: `${i}`,
        infotext: script.slice(0, 2000),
      }));
      return send({ type: "done", jobId, results: { ...results, artifacts } });
    }
    case "picture":
      send({ type: "artifact", jobId, artifact: { kind: "image", path: script.slice("picture ".length), seed: "1" } });
      return send({ type: "done", jobId, results });
    case "exit":
      process.stderr.write("Fatal: the device fell over\n    at some place\n\nNode.js v0\n");
      return process.exit(3);
    case "copies": {
      // Reports a copy at the script's path, then hangs.
      const path = script.slice("copies ".length);
      send({ type: "artifact", jobId, artifact: { kind: "copy", path, step: 100 } });
      return waitForEnd(jobId, results);
    }
    case "spin": {
      // Like inside a step: no message is handled until the step is over.
      const end = Date.now() + 20_000;
      while (Date.now() < end);
      return send({ type: "done", jobId, results });
    }
    case "fast":
      for (let step = 1; step <= 300 && !asked.get(jobId).cancelled; step++) {
        progress(step, 300);
        send({ type: "metrics", jobId, points: [{ step, loss: 1 / step, learnRate: 0.005 }] });
        send({ type: "preview", jobId, dataUrl: `data:image/jpeg;base64,${step}`, step, steps: 300 });
        await sleep(10);
      }
      return send({ type: "done", jobId, results });
    default:
      return waitForEnd(jobId, results);
  }
}

/** Waits for a stop or cancel, and meanwhile lets other jobs go first. */
async function waitForEnd(jobId, results) {
  let job = asked.get(jobId);
  let holding = false;
  while (!job.stopped && !job.cancelled) {
    await sleep(10);
    job = asked.get(jobId);
    if (job.held === true && !holding) {
      send({ type: "progress", jobId, progress: { ...PROGRESS, phase: "giving-way", step: 5 } });
      send({ type: "holding", jobId });
    }
    if (holding && !job.held) send({ type: "progress", jobId, progress: { ...PROGRESS, phase: "training", step: 6 } });
    holding = job.held === true;
  }
  send(job.cancelled ? { type: "cancelled", jobId } : { type: "done", jobId, results });
}
