/** @file What the infotext of a plot's grid says beside its first picture's own, in A1111's words. */
import { axisRow, type XyzPlan, type XyzPlotSettings } from "@lexeme/domain/plot";
import { insertParameters } from "@lexeme/domain/infotext";

export interface PlotInfotextFacts {
  readonly plan: XyzPlan;
  readonly settings: Pick<XyzPlotSettings, "keepRandomSeeds" | "xyzEmbedding">;
  /** The grid of one Z value says nothing of Z. */
  readonly axes: readonly ("x" | "y" | "z")[];
}

/** Script, then type and values of each axis as they were typed, and the seeds that were drawn for -1. */
export function plotInfotext(infotext: string, { plan, settings, axes }: PlotInfotextFacts): string {
  const isAboutEmbedding = axes.some((name) => axisRow(plan[name].type).isAboutEmbedding);
  return insertParameters(infotext, [
    ["Script", "X/Y/Z plot"],
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
    // A1111 has no word for it.
    ["XYZ embedding", isAboutEmbedding ? settings.xyzEmbedding : undefined],
  ]);
}
