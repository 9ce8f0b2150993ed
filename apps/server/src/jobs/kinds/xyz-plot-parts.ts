/** @file Finds the files that an X/Y/Z plot names: checkpoints and training copies. Every error names the axis's field. */
import { LexemeError, withField } from "@lexeme/core";
import type { RunFolders } from "@lexeme/data-folder";
import {
  axesWhere,
  axisRow,
  planXyzPlot,
  xyzCellSettings,
  type AxisFiles,
  type XyzAxis,
  type XyzPlan,
  type XyzPlotSettings,
} from "@lexeme/domain/plot";
import type { ContextOf } from "@lexeme/domain/jobs";
import type { Checkpoint } from "@lexeme/protocol";

import { checkpointMeant } from "../../library/models/checkpoint-names.ts";
import type { CheckpointLibrary } from "../../library/models/checkpoints.ts";
import type { EmbeddingLibrary } from "../../library/embeddings/embeddings.ts";
import type { VaeLibrary } from "../../library/models/vaes.ts";
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
  if (axesWhere(plan, ({ isAboutEmbedding }) => isAboutEmbedding === true).length > 0) {
    const { xyzEmbedding: name } = settings;
    await sources.embeddings.requireFitting({ name, field: "xyzEmbedding" }, checkpoint);
    const fitting = { embedding: name, checkpoint, found, sources };
    for (const [files, axis] of fileAxes(plan)) {
      await FILE_AXES[files].requireFitting(axis, `${axis.name}Values`, fitting);
    }
  }
  if (settings.emphasis === "None") return;
  for (const { name, values } of axesWhere(plan, ({ areWords }) => areWords === true)) {
    for (const index of values.keys()) {
      const { settings: cell } = xyzCellSettings(settings, plan, { x: 0, y: 0, z: 0, [name]: index });
      withField(`${name}Values`, () => {
        checkPromptWeights(cell.prompt, { role: "positive", comments });
        checkPromptWeights(cell.negativePrompt, { role: "negative", comments });
      });
    }
  }
}

type Found = ContextOf<"xyz-plot">["xyz"];

interface Finding {
  settings: XyzPlotSettings;
  sources: Omit<XyzSources, "embeddings">;
  /** `find` adds the found files here. */
  found: Found;
}

interface Fitting {
  /** The embedding that the plot is about, and the checkpoint of all cells if no axis has checkpoints. */
  embedding: string;
  checkpoint: Checkpoint;
  found: Found;
  sources: XyzSources;
}

/** Finds and checks the files that the values of an axis name. Errors name `field`. */
interface FileAxis {
  find: (axis: XyzAxis, field: string, finding: Finding) => Promise<void>;
  /** Requires that the plot's embedding fits each of the files. */
  requireFitting: (axis: XyzAxis, field: string, fitting: Fitting) => Promise<void>;
}

const FILE_AXES: Readonly<Record<AxisFiles, FileAxis>> = {
  checkpoint: {
    async find({ values }, field, { settings, sources: { checkpoints, vaes }, found }) {
      for (const text of values.map(String)) {
        const meant = checkpointMeant(await checkpoints.list(), text);
        const checkpoint = await checkpoints.require(meant?.name ?? text, field);
        const { name, path, shortHash } = checkpoint;
        const vae = await withField(field, () => vaes.ref(settings.vae, checkpoint));
        found.checkpoints[text] = { name, path, shortHash, vae };
      }
    },
    async requireFitting({ values }, field, { embedding: name, found, sources: { checkpoints, embeddings } }) {
      for (const text of values) {
        const other = await checkpoints.require(found.checkpoints[text]?.name ?? null, field);
        await embeddings.requireFitting({ name, field }, other);
      }
    },
  },
  trainingCopy: {
    async find({ values }, field, { settings: { xyzEmbedding: embedding }, sources: { runs }, found }) {
      const copies = await copiesOf(embedding, runs);
      for (const step of values.map(Number)) {
        const path = copies.get(step);
        if (path === undefined) throw copyMissing(step, { embedding, copies, field });
        found.copies[step] = path;
      }
    },
    async requireFitting({ values }, field, { embedding, checkpoint, found, sources: { embeddings } }) {
      for (const step of values.map(Number)) {
        const copy = { name: `${embedding}, copy of step ${step}`, path: found.copies[step] ?? "" };
        await withField(field, () => embeddings.inspectCopy(copy, checkpoint));
      }
    },
  },
};

/** Finds the files that the values name; called again each time that the job begins. Throws the errors of `validateXyzPlot`. */
export async function xyzContext(settings: XyzPlotSettings, sources: Omit<XyzSources, "embeddings">): Promise<Found> {
  const found: Found = { checkpoints: {}, copies: {} };
  for (const [files, axis] of fileAxes(planXyzPlot(settings))) {
    await FILE_AXES[files].find(axis, `${axis.name}Values`, { settings, sources, found });
  }
  return found;
}

function fileAxes(plan: XyzPlan): [AxisFiles, XyzAxis][] {
  return axesWhere(plan, ({ files }) => files !== undefined).map((axis) => [axisRow(axis.type).files!, axis]);
}

/** Paths of an embedding's training copies by step. If several runs have a copy of a step, the newest run's copy counts. */
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
  const advice =
    steps.length === 0
      ? "it has no copies: train it with copies first"
      : `it has copies of the steps ${steps.join(", ")}`;
  return new LexemeError("COPY_MISSING", `There is no training copy of "${embedding}" at step ${step}: ${advice}`, {
    details: { field },
  });
}
