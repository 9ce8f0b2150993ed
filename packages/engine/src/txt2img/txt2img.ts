/** @file txt2img: draws pictures from prompts and saves them with A1111's infotext, and with a grid if there are several. */
import { seedText, type Txt2imgSettings } from "@lexeme/domain/settings";
import { MAX_GRID_PIXELS } from "@lexeme/domain/plot";
import type { ImageOptions } from "@lexeme/domain/options";
import type { Artifact, JobResults } from "@lexeme/domain/jobs";
import type { JobParts } from "../job-run.ts";
import { gridShape, PictureGrid } from "../pictures/picture-grid.ts";
import { savePicture, type SavedPicture } from "../pictures/save-picture.ts";
import { drawPictures, filenameFacts, type DrawnPicture, type Txt2imgPorts } from "./draw-pictures.ts";
import { KeptPictures } from "./kept-pictures.ts";

/**
 * Draws and saves every picture that the settings ask for. Pictures that an earlier attempt drew are kept (`context.drawn`). A stop keeps
 * the drawn pictures and leaves out the remaining batches. An interrupted picture is kept if the option says so; else it is written to the
 * context's `unsavedDir` or not at all.
 */
export async function txt2img(asked: Txt2imgSettings, parts: JobParts<"txt2img">): Promise<JobResults> {
  const { open, context, reporter } = parts;
  const kept = new KeptPictures(context.drawn);
  const settings = kept.withSeeds(asked);
  const ports: Txt2imgPorts = { ...parts, kept, model: await open(context.checkpoint) };
  const { options } = context;
  const jobStartedAt = new Date();
  const artifacts: Artifact[] = [];
  let grid: BatchGrid | undefined;
  const count = settings.nIter * settings.batchSize;
  let isTooLarge = false;
  const numbers = { finished: 0, unfinished: 0 };
  let folder = context.outputsDir;

  function report(artifact: Artifact): void {
    artifacts.push(artifact);
    reporter.artifact(artifact);
  }

  function saveUnfinished(drawn: DrawnPicture, root: string): Promise<SavedPicture> {
    const facts = { ...filenameFacts(drawn, ports.model.checkpoint), basename: "", jobStartedAt };
    const plain = { ...options, save_txt: false, export_for_4chan: false };
    const place = { root, options: plain, format: options.samples_format, saveToDirs: false, shortName: true };
    return savePicture(facts, drawn.infotext, place);
  }

  function save(drawn: DrawnPicture, suffix: string): Promise<SavedPicture> {
    const facts = { ...filenameFacts(drawn, ports.model.checkpoint), basename: "", jobStartedAt };
    return savePicture(facts, drawn.infotext, {
      root: context.outputsDir,
      options,
      format: options.samples_format,
      saveToDirs: options.save_to_dirs,
      suffix,
    });
  }

  const onFirstPass = async (drawn: DrawnPicture): Promise<void> => void (await save(drawn, "-before-highres-fix"));
  const copying = options.save_images_before_highres_fix ? { ...ports, onFirstPass } : ports;
  const { warnings } = await drawPictures(settings, copying, async (one) => {
    const { picture, seed, infotext, isFinished } = one;
    numbers[isFinished ? "finished" : "unfinished"]++;
    isTooLarge ||= count * picture.width * picture.height > MAX_GRID_PIXELS;
    if (isFinished && isGridWanted(count, options) && !isTooLarge) {
      const shape = gridShape(count, { ...options, batchSize: settings.batchSize });
      grid ??= { first: one, pictures: new PictureGrid(picture, shape) };
      grid.pictures.add(picture);
    }
    if (one.isKept) return;
    const isWanted = isFinished || options.save_incomplete_images;
    if (!isWanted && context.unsavedDir === undefined) return;
    const saved = await (isWanted ? save(one, "") : saveUnfinished(one, context.unsavedDir!));
    if (isWanted) ({ folder } = saved);
    report({
      kind: "image",
      path: saved.path,
      seed: seedText(seed),
      infotext,
      width: picture.width,
      height: picture.height,
      ...(isFinished && { place: one.index }),
    });
  });
  if (grid && isGridWanted(grid.pictures.count, options)) {
    const saved = await saveGrid(settings, grid, { ports, jobStartedAt });
    if (options.return_grid) report(saved);
  }
  const summary = summaryOf({ ...numbers, count, isStopped: ports.control.stopping.aborted });
  const gridWarnings =
    isTooLarge && isGridWanted(count, options) ? ["No grid was made: it would have more than 200 megapixels"] : [];
  return { artifacts, warnings: [...warnings, ...gridWarnings], folder, summary };
}

interface BatchGrid {
  /** The picture that gives the grid its name and infotext. */
  first: DrawnPicture;
  pictures: PictureGrid;
}

interface Outcome {
  finished: number;
  unfinished: number;
  count: number;
  isStopped: boolean;
}

function summaryOf({ finished, unfinished, count, isStopped }: Outcome): string {
  const missing = isStopped ? `Stopped after ${finished} of ${count}` : `${count - finished} skipped`;
  const before = finished < count ? `${missing}: ` : "";
  const after = unfinished > 0 ? `, ${unfinished} unfinished` : "";
  return `${before}${finished === 1 ? "1 picture" : `${finished} pictures`} drawn${after}`;
}

function isGridWanted(pictures: number, options: ImageOptions): boolean {
  return options.grid_save && pictures > (options.grid_only_if_multiple ? 1 : 0);
}

/** Saves all pictures in one grid with the first picture's infotext, as A1111 does. */
async function saveGrid(
  settings: Txt2imgSettings,
  { first, pictures }: BatchGrid,
  { ports, jobStartedAt }: { ports: Txt2imgPorts; jobStartedAt: Date },
): Promise<Artifact> {
  const { options, gridsDir } = ports.context;
  const picture = pictures.draw(gridShape(pictures.count, { ...options, batchSize: settings.batchSize }));
  const { seed, infotext } = first;
  const facts = { ...filenameFacts(first, ports.model.checkpoint), picture, basename: "grid", jobStartedAt };
  const { path } = await savePicture(facts, infotext, {
    root: gridsDir,
    options,
    format: options.grid_format,
    saveToDirs: options.grid_save_to_dirs,
    shortName: !options.grid_extended_filename,
  });
  return { kind: "grid", path, seed: seedText(seed), infotext, width: picture.width, height: picture.height };
}
