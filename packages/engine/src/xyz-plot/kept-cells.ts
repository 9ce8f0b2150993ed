/** @file The cells that an earlier attempt at a plot drew: an interrupted plot goes on with the others, and with the same random seeds. */
import { parseInfotext } from "@lexeme/domain/infotext";
import type { Artifact } from "@lexeme/domain/jobs";
import { axisRow, type XyzAxis, type XyzCell, type XyzPlan, type XyzPlotSettings } from "@lexeme/domain/plot";
import { RANDOM_SEED, type Seed } from "@lexeme/domain/settings";
import { readKept, type KeptPicture } from "../txt2img/kept-pictures.ts";

export class KeptCells {
  readonly #artifacts: readonly Artifact[];

  /** `artifacts` of earlier attempts; of two pictures of a cell the later counts. */
  constructor(artifacts: readonly Artifact[]) {
    this.#artifacts = artifacts.filter(({ kind, cell }) => kind === "image" && cell !== undefined);
  }

  /** The picture of the cell; undefined if it was not drawn, or if its file was deleted or cannot be read any more. */
  async read(cell: XyzCell): Promise<KeptPicture | undefined> {
    return readKept(this.#find((one) => one.x === cell.x && one.y === cell.y && one.z === cell.z));
  }

  /** The settings with the seeds that were drawn for -1; where nothing was drawn, they stay as they are. */
  withSeeds(settings: XyzPlotSettings, plan: XyzPlan): XyzPlotSettings {
    const variesSeed = [plan.x, plan.y, plan.z].some(({ type }) => axisRow(type).isRandom !== undefined);
    const any = this.#find(() => true);
    const variation = any && parseInfotext(any.infotext ?? "").parameters.get("Variation seed");
    return {
      ...settings,
      ...(settings.seed === RANDOM_SEED && !variesSeed && any?.seed !== undefined && { seed: any.seed }),
      ...(settings.subseed === RANDOM_SEED && variation !== undefined && { subseed: variation as Seed }),
    };
  }

  /** The seed that was drawn for a value of an axis. */
  seedAt({ name }: XyzAxis, index: number): Seed | undefined {
    return this.#find((cell) => cell[name] === index)?.seed;
  }

  #find(fits: (cell: XyzCell) => boolean): Artifact | undefined {
    return this.#artifacts.findLast(({ cell }) => cell !== undefined && fits(cell));
  }
}
