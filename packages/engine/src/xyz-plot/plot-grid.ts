/** @file The labelled grid of a plot: a grid for each Z value, and all of them in a row. */
import { xyzLabel, type XyzAxis, type XyzCell, type XyzPlan } from "@lexeme/protocol";
import { labelledGrid } from "../pictures/grid-labels.ts";
import type { RawPicture } from "../pictures/raw-picture.ts";

export interface PlotLook {
  readonly drawLegend: boolean;
  /** Pixels between cells. */
  readonly marginSize: number;
  /** Name that labels of weights and copies begin with. */
  readonly xyzEmbedding: string;
}

export interface PlotGrids {
  readonly whole: RawPicture;
  /** One for each value of Z; a single one is the whole. */
  readonly parts: readonly RawPicture[];
}

/** Draws the grids. `pictures` holds what was drawn by cell, at least one; all places are as large as the first. */
export async function plotGrids(
  plan: XyzPlan,
  pictures: ReadonlyMap<string, RawPicture>,
  look: PlotLook,
): Promise<PlotGrids> {
  const [first] = pictures.values();
  if (first === undefined) throw new RangeError("a plot's grid needs a picture");
  const margin = look.marginSize;
  const labels = (axis: XyzAxis): string[] =>
    axis.values.map((value) => (look.drawLegend ? xyzLabel(axis, value, look.xyzEmbedding) : ""));
  const parts: RawPicture[] = [];
  for (const z of plan.z.values.keys()) {
    parts.push(
      await labelledGrid({
        columns: labels(plan.x),
        rows: labels(plan.y),
        cell: first,
        margin,
        at: (x, y) => pictures.get(cellKey({ x, y, z })),
      }),
    );
  }
  if (parts.length === 1) return { whole: parts[0]!, parts };
  const whole = await labelledGrid({
    columns: labels(plan.z),
    rows: [""],
    cell: parts[0]!,
    margin,
    at: (z) => parts[z],
  });
  return { whole, parts };
}

/** A cell as a key. */
export function cellKey({ x, y, z }: XyzCell): string {
  return `${x},${y},${z}`;
}
