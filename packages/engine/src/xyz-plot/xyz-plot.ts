/** @file X/Y/Z plot: draws and saves txt2img's picture for each combination of values, and all of them as a labelled grid. */
import { LexemeError, type FailureCode } from "@lexeme/core";
import {
  axesWhere,
  axisRow,
  planXyzPlot,
  xyzCells,
  xyzCellSettings,
  type XyzAxis,
  type XyzCell,
  type XyzPlan,
  type XyzPlotSettings,
} from "@lexeme/domain/plot";
import { RANDOM_SEED, seedText } from "@lexeme/domain/settings";
import type { Artifact, ContextOf, JobResults } from "@lexeme/domain/jobs";
import type { DiffusionModel } from "../checkpoint/diffusion-model.ts";
import { drawnSeed } from "../drawn-seed.ts";
import { loadEmbeddingFile } from "@lexeme/data-folder";
import type { JobParts } from "../job-run.ts";
import { checkpointForCancel, type JobReporter } from "../job-ports.ts";
import type { RawPicture } from "../pictures/raw-picture.ts";
import { savePicture } from "../pictures/save-picture.ts";
import { drawPictures, filenameFacts, type DrawnPicture, type Txt2imgPorts } from "../txt2img/draw-pictures.ts";
import { KeptCells } from "./kept-cells.ts";
import { PlotGrid } from "./plot-grid.ts";
import { plotInfotext, type PlotInfotextFacts } from "./plot-infotext.ts";
import { PlotProgress } from "./plot-progress.ts";

type XyzPlotParts = JobParts<"xyz-plot">;

/** The picture that gives the grid its name and infotext. */
interface FirstPicture {
  readonly drawn: DrawnPicture;
  readonly settings: XyzPlotSettings;
  readonly ports: Txt2imgPorts;
}

/** Codes of errors in one cell's values, which do not end the plot: numbers that are not finite, or a value too large for the cell's sampler or checkpoint. */
const CELL_FAULTS: ReadonlySet<FailureCode> = new Set(["PICTURE_NOT_FINITE", "STEPS_TOO_MANY", "CLIP_SKIP_TOO_LARGE"]);

/**
 * Draws cell after cell, with the cells of one checkpoint together. Cells that an earlier attempt drew are kept (`context.drawn`). After a stop the grid shows the drawn cells, and the others are blank.
 * A cell with an error of its own stays blank, and a warning names it.
 */
export async function xyzPlot(asked: XyzPlotSettings, ports: XyzPlotParts): Promise<JobResults> {
  const { context, reporter, control } = ports;
  const kept = new KeptCells(context.drawn);
  const settings = asked.keepRandomSeeds ? asked : withSeed(kept.withSeeds(asked, planXyzPlot(asked)));
  const plan = withFixedSeeds(planXyzPlot(settings), settings, kept);
  const cells = xyzCells(plan);
  const jobStartedAt = new Date();
  const progress = new PlotProgress(
    reporter,
    cells.map((cell) => xyzCellSettings(settings, plan, cell).settings.steps),
  );
  const models = new ModelByName(ports);
  const results = {
    artifacts: new Array<Artifact>(),
    warnings: new Set<string>(),
  };
  let count = 0;
  let folder = context.outputsDir;
  let grid: PlotGrid | undefined;
  let first: FirstPicture | undefined;
  let firstKept: Artifact | undefined;
  let fault: LexemeError | undefined;

  function report(artifact: Artifact): void {
    results.artifacts.push(artifact);
    reporter.artifact(artifact);
  }

  function put(cell: XyzCell, picture: RawPicture): void {
    grid ??= new PlotGrid(plan, picture, settings);
    grid.paste(cell, picture);
    count++;
  }

  for (const [index, cell] of cells.entries()) {
    await checkpointForCancel(control);
    if (control.stopping.aborted) break;
    const before = await kept.read(cell);
    if (before !== undefined) {
      put(cell, before.picture);
      if (first === undefined) firstKept ??= before.artifact;
    }
    // If all cells are kept, the last is drawn again and not saved: the grid's name needs a drawing's facts.
    const isForFacts = before !== undefined && first === undefined && index === cells.length - 1;
    if (before !== undefined && !isForFacts) continue;
    const { settings: own, copyStep } = xyzCellSettings(settings, plan, cell);
    const cellReporter = progress.reporterOf(index);
    const model = await models.of(own.checkpoint, cellReporter);
    const inMemory = copyStep === undefined ? undefined : await copyOf(copyStep, { settings, context, model });
    const cellPorts: Txt2imgPorts = { control, reporter: cellReporter, model, context, ...(inMemory && { inMemory }) };
    try {
      const { warnings } = await drawPictures(own, cellPorts, async (drawn) => {
        const { picture, seed, infotext, isFinished } = drawn;
        if (!isFinished) return;
        first ??= { drawn, settings: { ...settings, ...own }, ports: cellPorts };
        if (isForFacts) return;
        const facts = { ...filenameFacts(drawn, model.checkpoint), basename: "", jobStartedAt };
        const saved = await savePicture(facts, infotext, {
          root: context.outputsDir,
          options: context.options,
          format: context.options.samples_format,
          saveToDirs: context.options.save_to_dirs,
        });
        ({ folder } = saved);
        put(cell, picture);
        report({
          kind: "image",
          path: saved.path,
          seed: seedText(seed),
          infotext,
          width: picture.width,
          height: picture.height,
          cell,
        });
      });
      for (const warning of warnings) results.warnings.add(warning);
    } catch (error) {
      if (!(error instanceof LexemeError && CELL_FAULTS.has(error.code))) throw error;
      fault = error;
      results.warnings.add(`${nameOf(cell, plan)} is left blank: ${error.message}`);
    }
  }
  // An error in every cell is an error of the plot.
  if (count === 0 && fault !== undefined && !control.stopping.aborted) throw fault;
  if (first && grid) {
    progress.phase("drawing-grid");
    const named = { ...first, drawn: withFactsOf(firstKept, first.drawn) };
    for (const saved of await saveGrids(named, { grid, plan, jobStartedAt })) report(saved);
  }
  const missing = control.stopping.aborted
    ? `Stopped after ${count} of ${cells.length}`
    : `${cells.length - count} left blank`;
  const what = `of ${count === 1 ? "1 picture" : `${count} pictures`} drawn`;
  const summary = count < cells.length ? `${missing}: plot ${what}` : `Plot ${what}`;
  return { artifacts: results.artifacts, warnings: [...results.warnings], folder, summary };
}

/** Draws a random seed once for the whole plot, as A1111 does. */
function withSeed(settings: XyzPlotSettings): XyzPlotSettings {
  const { seed, subseed } = settings;
  return { ...settings, seed: seedText(drawnSeed(seed)), subseed: seedText(drawnSeed(subseed)) };
}

/** Draws each random seed of an axis once, so that it is the same in every row. */
function withFixedSeeds(plan: XyzPlan, { keepRandomSeeds }: XyzPlotSettings, kept: KeptCells): XyzPlan {
  if (keepRandomSeeds) return plan;
  const fixed = (axis: XyzAxis): XyzAxis => {
    const { isRandom = () => false } = axisRow(axis.type);
    const values = axis.values.map((value, index) =>
      isRandom(value) ? (kept.seedAt(axis, index) ?? seedText(drawnSeed(RANDOM_SEED))) : value,
    );
    return { ...axis, values };
  };
  return { x: fixed(plan.x), y: fixed(plan.y), z: fixed(plan.z) };
}

/** Opens each checkpoint for its first cell, and keeps only the last checkpoint: cells are in the order of checkpoints. */
class ModelByName {
  readonly #ports: XyzPlotParts;
  #open: { name: string | null; model: DiffusionModel } | undefined;

  constructor(ports: XyzPlotParts) {
    this.#ports = ports;
  }

  async of(name: string | null, reporter: JobReporter): Promise<DiffusionModel> {
    if (this.#open?.name === name) return this.#open.model;
    const { context, open } = this.#ports;
    const named = name === null ? undefined : context.xyz.checkpoints[name];
    const model = await open(named ?? context.checkpoint, reporter);
    this.#open = { name, model };
    return model;
  }
}

/** The training copy of a step, under the embedding's name. */
async function copyOf(
  step: number,
  { settings, context, model }: { settings: XyzPlotSettings; context: ContextOf<"xyz-plot">; model: DiffusionModel },
): Promise<NonNullable<Txt2imgPorts["inMemory"]>> {
  const path = context.xyz.copies[step];
  if (path === undefined) throw new TypeError(`the context has no copy of step ${step}`);
  const { modelName, sizes } = model.checkpoint;
  const expected = { textWidth: sizes.textWidth, modelName };
  const { count, vectors, shortHash } = await loadEmbeddingFile({ name: settings.xyzEmbedding, path }, expected);
  return { name: settings.xyzEmbedding, count, vectors, shortHash };
}

/** The facts for the grid, with seed and infotext of the first cell if that one is kept. */
function withFactsOf(kept: Artifact | undefined, drawn: DrawnPicture): DrawnPicture {
  if (kept?.seed === undefined || kept.infotext === undefined) return drawn;
  return { ...drawn, seed: BigInt(kept.seed), infotext: kept.infotext };
}

async function saveGrids(
  { drawn, settings, ports }: FirstPicture,
  { grid, plan, jobStartedAt }: { grid: PlotGrid; plan: XyzPlan; jobStartedAt: Date },
): Promise<Artifact[]> {
  const { options, gridsDir } = ports.context;

  async function save(picture: RawPicture, axes: PlotInfotextFacts["axes"]): Promise<Artifact> {
    await checkpointForCancel(ports.control);
    const infotext = plotInfotext(drawn.infotext, { plan, settings, axes });
    const facts = { ...filenameFacts(drawn, ports.model.checkpoint), picture, basename: "xyz_grid", jobStartedAt };
    const { path } = await savePicture(facts, infotext, {
      root: gridsDir,
      options,
      format: options.grid_format,
      saveToDirs: options.grid_save_to_dirs,
    });
    return { kind: "grid", path, seed: seedText(drawn.seed), infotext, width: picture.width, height: picture.height };
  }

  const artifacts = [await save(await grid.draw(), ["x", "y", "z"])];
  if (settings.includeSubGrids) {
    for (const part of grid.parts()) artifacts.push(await save(part, ["x", "y"]));
  }
  return artifacts;
}

/** "X 2, Y 1" for a person, counted from 1. */
function nameOf(cell: XyzCell, plan: XyzPlan): string {
  const named = axesWhere(plan, ({ isEmpty }) => isEmpty !== true);
  return named.length === 0
    ? "The picture"
    : named.map(({ name, values }) => `${name.toUpperCase()} ${String(values[cell[name]])}`).join(", ");
}
