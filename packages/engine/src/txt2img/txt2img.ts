/** @file txt2img: prompts in, numbered PNG files with A1111's infotext out. */
import { PARAMETERS_KEYWORD, writePngText } from "@lexeme/formats";
import type { Artifact, JobResults, Txt2imgSettings } from "@lexeme/protocol";
import { encodePng } from "../pictures/raw-picture.ts";
import { drawPictures, type Txt2imgPorts } from "./draw-pictures.ts";
import { openDayFolder, saveNumbered } from "./image-files.ts";

/** Draws and saves every picture asked for. Stopping keeps what was drawn and leaves out the batches not yet begun. */
export async function txt2img(settings: Txt2imgSettings, ports: Txt2imgPorts): Promise<JobResults> {
  const { context, reporter } = ports;
  const artifacts: Artifact[] = [];
  const dayFolder = await openDayFolder(context.outputsDir, new Date());
  const { warnings } = await drawPictures(settings, ports, async ({ picture, seed, infotext }) => {
    const png = writePngText(await encodePng(picture), { keyword: PARAMETERS_KEYWORD, text: infotext });
    const path = await saveNumbered(dayFolder, seed, png);
    const { width, height } = picture;
    const artifact: Artifact = { kind: "image", path, seed, infotext, width, height };
    artifacts.push(artifact);
    reporter.artifact(artifact);
  });
  const count = settings.nIter * settings.batchSize;
  const stopped = artifacts.length < count ? `Stopped after ${artifacts.length} of ${count}: ` : "";
  const summary = `${stopped}${artifacts.length === 1 ? "1 picture" : `${artifacts.length} pictures`} drawn`;
  return { artifacts, warnings: [...warnings], folder: dayFolder, summary };
}
