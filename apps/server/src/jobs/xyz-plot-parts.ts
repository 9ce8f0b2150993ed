/** @file What an X/Y/Z plot names and only the server can find: checkpoints and training copies. Whatever is wrong names the axis's field. */
import { LexemeError, withField } from "@lexeme/core";
import type { RunFolders } from "@lexeme/data-folder";
import {
  planXyzPlot,
  xyzCellSettings,
  XYZ_AXIS_NAMES,
  type XyzAxis,
  type XyzPlan,
  type XyzPlotSettings,
} from "@lexeme/domain/plot";
import type { ContextOf } from "@lexeme/domain/jobs";
import type { Checkpoint } from "@lexeme/protocol";

import type { CheckpointLibrary } from "../library/checkpoints.ts";
import type { EmbeddingLibrary } from "../library/embeddings.ts";
import type { VaeLibrary } from "../library/vaes.ts";
import { checkPromptWeights } from "./prompt-check.ts";

export interface XyzSources {
  checkpoints: CheckpointLibrary;
  vaes: VaeLibrary;
  embeddings: EmbeddingLibrary;
  runs: RunFolders;
}

/**
 * Checks every value of every axis. Throws LexemeError `XYZ_VALUE_UNREADABLE`, `XYZ_TOO_LARGE`, `CHECKPOINT_MISSING`, `CHECKPOINT_UNUSABLE`,
 * `VAE_MISSING`, `EMBEDDING_MISSING`, `EMBEDDING_MISFIT`, `COPY_MISSING`, `PROMPT_WEIGHT_UNREADABLE` with `details.field`.
 */
export async function validateXyzPlot(
  settings: XyzPlotSettings,
  sources: XyzSources,
  { comments }: { comments: boolean },
): Promise<void> {
  const plan = planXyzPlot(settings);
  const checkpoint = await sources.checkpoints.require(settings.checkpoint);
  const found = await xyzContext(settings, sources);
  if (axesOf(plan, "Embedding weight", "Training copy").length > 0) {
    await requireFittingEmbedding(settings, { plan, checkpoint, found, sources });
  }
  if (settings.emphasis === "None") return;
  for (const { name, values } of axesOf(plan, "Prompt S/R")) {
    for (const index of values.keys()) {
      const { settings: cell } = xyzCellSettings(settings, plan, { x: 0, y: 0, z: 0, [name]: index });
      withField(`${name}Values`, () => {
        checkPromptWeights(cell.prompt, { role: "positive", comments });
        checkPromptWeights(cell.negativePrompt, { role: "negative", comments });
      });
    }
  }
}

interface FoundParts {
  plan: XyzPlan;
  /** The one of all cells, where no axis has checkpoints. */
  checkpoint: Checkpoint;
  found: ContextOf<"xyz-plot">["xyz"];
  sources: XyzSources;
}

/** The embedding fits every checkpoint, and its copies can be read and are as wide. */
async function requireFittingEmbedding(
  { xyzEmbedding: name }: XyzPlotSettings,
  { plan, checkpoint, found, sources: { checkpoints, embeddings } }: FoundParts,
): Promise<void> {
  await embeddings.requireFitting({ name, field: "xyzEmbedding" }, checkpoint);
  for (const axis of axesOf(plan, "Checkpoint name")) {
    const field = `${axis.name}Values`;
    for (const text of axis.values) {
      const other = await checkpoints.require(found.checkpoints[text]?.name ?? null, field);
      await embeddings.requireFitting({ name, field }, other);
    }
  }
  for (const axis of axesOf(plan, "Training copy")) {
    for (const step of axis.values.map(Number)) {
      const field = `${axis.name}Values`;
      const copy = { name: `${name}, copy of step ${step}`, path: found.copies[step] ?? "" };
      await withField(field, () => embeddings.inspectCopy(copy, checkpoint));
    }
  }
}

/** The files behind the values as they are now; found again each time that the job begins. Throws as `validateXyzPlot`. */
export async function xyzContext(
  settings: XyzPlotSettings,
  { checkpoints, vaes, runs }: Omit<XyzSources, "embeddings">,
): Promise<ContextOf<"xyz-plot">["xyz"]> {
  const plan = planXyzPlot(settings);
  const found: ContextOf<"xyz-plot">["xyz"] = { checkpoints: {}, copies: {} };
  for (const { name, values } of axesOf(plan, "Checkpoint name")) {
    const field = `${name}Values`;
    for (const text of values.map(String)) {
      const checkpoint = await checkpoints.require(nameMeant(text, await checkpoints.list()), field);
      const vae = await withField(field, () => vaes.ref(settings.vae, checkpoint));
      found.checkpoints[text] = { name: checkpoint.name, path: checkpoint.path, shortHash: checkpoint.shortHash, vae };
    }
  }
  const copyAxes = axesOf(plan, "Training copy");
  const copies = copyAxes.length > 0 ? await copiesOf(settings.xyzEmbedding, runs) : new Map<number, string>();
  for (const { name, values } of copyAxes) {
    for (const step of values.map(Number)) {
      const path = copies.get(step);
      if (path === undefined)
        throw copyMissing(step, { embedding: settings.xyzEmbedding, copies, field: `${name}Values` });
      found.copies[step] = path;
    }
  }
  return found;
}

function axesOf(plan: XyzPlan, ...types: readonly XyzAxis["type"][]): XyzAxis[] {
  return XYZ_AXIS_NAMES.map((name) => plan[name]).filter(({ type }) => types.includes(type));
}

/** A1111 takes a name without its folder or ending, a short hash, or a part of the name; an exact name wins. */
function nameMeant(text: string, all: readonly Checkpoint[]): string {
  const wanted = text.replace(/\s*\[[0-9a-f]{6,}\]$/u, "").toLowerCase();
  const stem = (name: string): string => name.replace(/\.(?:safetensors|ckpt)$/iu, "").toLowerCase();
  const tests: ((checkpoint: Checkpoint) => boolean)[] = [
    ({ name }) => name === text,
    ({ name }) => name.toLowerCase() === wanted || stem(name) === wanted,
    ({ name }) => stem(name).split("/").at(-1) === stem(wanted),
    ({ shortHash }) => shortHash !== null && shortHash === wanted,
    ({ name }) => name.toLowerCase().includes(wanted),
  ];
  for (const test of tests) {
    const found = all.find((checkpoint) => test(checkpoint));
    if (found) return found.name;
  }
  return text;
}

/** Copies of all runs of an embedding by step, the newest run's first where several have one of that step. */
async function copiesOf(embedding: string, runs: RunFolders): Promise<Map<number, string>> {
  const copies = new Map<number, string>();
  for (const run of await runs.list(embedding)) {
    for (const { step, path } of run.copies) if (!copies.has(step)) copies.set(step, path);
  }
  return copies;
}

function copyMissing(
  step: number,
  { embedding, copies, field }: { embedding: string; copies: ReadonlyMap<number, string>; field: string },
) {
  const steps = [...copies.keys()].sort((a, b) => a - b);
  const advice = steps.length === 0 ? "it has none: train it with copies first" : `it has those of ${steps.join(", ")}`;
  return new LexemeError("COPY_MISSING", `There is no training copy of "${embedding}" at step ${step}: ${advice}`, {
    details: { field },
  });
}
