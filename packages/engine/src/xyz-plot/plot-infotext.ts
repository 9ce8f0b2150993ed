/** @file The infotext of a plot's grid: the first picture's infotext with the plot's parameters, in A1111's words. */
import { axisRow, XYZ_SCRIPT, type XyzPlan, type XyzPlotSettings } from "@lexeme/domain/plot";
import { insertParameters } from "@lexeme/domain/infotext";

export interface PlotInfotextFacts {
  readonly plan: XyzPlan;
  readonly settings: Pick<XyzPlotSettings, "keepRandomSeeds" | "xyzEmbedding">;
  /** The axes to write: the grid of one Z value leaves out Z. */
  readonly axes: readonly ("x" | "y" | "z")[];
}

/** Adds the script, then the type and the typed values of each axis, and the seeds that were drawn for -1. */
export function plotInfotext(infotext: string, { plan, settings, axes }: PlotInfotextFacts): string {
  const isAboutEmbedding = axes.some((name) => axisRow(plan[name].type).isAboutEmbedding);
  return insertParameters(infotext, [
    ["Script", XYZ_SCRIPT],
    ...axes.flatMap((name) => {
      const { type, text, values } = plan[name];
      const { isEmpty, isRandom } = axisRow(type);
      if (isEmpty) return [];
      const letter = name.toUpperCase();
      const isFixed = isRandom !== undefined && !settings.keepRandomSeeds;
      return [
        [`${letter} Type`, type],
        [`${letter} Values`, text],
        ...(isFixed ? [[`Fixed ${letter} Values`, values.join(", ")] as const] : []),
      ] as const;
    }),
    // Lexeme's own key.
    ["XYZ embedding", isAboutEmbedding ? settings.xyzEmbedding : undefined],
  ]);
}
