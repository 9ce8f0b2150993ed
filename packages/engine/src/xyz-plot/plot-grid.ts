/** @file The labelled grid of a plot: a grid for each Z value, and all of them in a row. Each cell is copied in when it is drawn, so that no picture is in memory twice. */
import { xyzLabel, type XyzAxis, type XyzCell, type XyzPlan } from "@lexeme/domain/plot";
import { cellPlace, drawLabels, layOutGrid, moved, type GridLayout, type Place } from "../pictures/grid-labels.ts";
import { blankPicture, pastePicture } from "../pictures/picture-grid.ts";
import { cropPicture, type PictureSize, type RawPicture } from "../pictures/raw-picture.ts";

export interface PlotLook {
  readonly drawLegend: boolean;
  /** Pixels between cells. */
  readonly marginSize: number;
  /** The name at the start of the labels of weights and copies. */
  readonly xyzEmbedding: string;
}

/** The grey of a place without a picture, which a white picture does not have. */
const BLANK_GREY = 230;

/** The grid of a plot while its cells are drawn. */
export class PlotGrid {
  readonly #plan: XyzPlan;
  readonly #part: GridLayout;
  /** The row of grids; null for a single grid. */
  readonly #row: GridLayout | null;
  readonly #canvas: RawPicture;

  /** `cell` is the size of every cell. */
  constructor(plan: XyzPlan, cell: PictureSize, look: PlotLook) {
    const labels = (axis: XyzAxis): string[] =>
      axis.values.map((value) => (look.drawLegend ? xyzLabel(axis, value, look.xyzEmbedding) : ""));
    const margin = look.marginSize;
    this.#plan = plan;
    this.#part = layOutGrid({ columns: labels(plan.x), rows: labels(plan.y), cell, margin });
    this.#row =
      plan.z.values.length === 1 ? null : layOutGrid({ columns: labels(plan.z), rows: [""], cell: this.#part, margin });
    this.#canvas = blankPicture(this.#row ?? this.#part);
    const blank = blankPicture(cell, [BLANK_GREY, BLANK_GREY, BLANK_GREY]);
    for (const z of plan.z.values.keys()) {
      for (const y of plan.y.values.keys()) for (const x of plan.x.values.keys()) this.paste({ x, y, z }, blank);
    }
  }

  /** Copies a picture to its place. */
  paste({ x, y, z }: XyzCell, picture: RawPicture): void {
    pastePicture(this.#canvas, picture, moved(cellPlace(this.#part, x, y), this.#partPlace(z)));
  }

  /** The whole grid with its labels. */
  async draw(): Promise<RawPicture> {
    for (const z of this.#plan.z.values.keys()) await drawLabels(this.#canvas, this.#part, this.#partPlace(z));
    if (this.#row) await drawLabels(this.#canvas, this.#row, { left: 0, top: 0 });
    return this.#canvas;
  }

  /** The grid of each Z value, after the whole grid is drawn; empty if the only Z value is the whole grid. */
  *parts(): Generator<RawPicture> {
    if (!this.#row) return;
    const { width, height } = this.#part;
    for (const z of this.#plan.z.values.keys())
      yield cropPicture(this.#canvas, { ...this.#partPlace(z), width, height });
  }

  #partPlace(z: number): Place {
    return this.#row ? cellPlace(this.#row, z, 0) : { left: 0, top: 0 };
  }
}
