/** @file The line under Preprocess: what will be written, and where. */
import { effectiveSize, type PreprocessSettings } from "@lexeme/domain/settings";
import type { PreprocessPlan } from "@lexeme/protocol";
import { baseName } from "../../ui/text/folder-path.ts";
import { formatCount, formatPlural } from "../../ui/text/format.ts";

interface StartFacts {
  values: PreprocessSettings;
  /** All fields can be sent. */
  valid: boolean;
  plan: PreprocessPlan | undefined;
  /** Why a start cannot work. */
  problem: string | null;
  /** A job with these settings has made the pictures that stand in the way. */
  isDone: boolean;
}

/** Says what a start would do, or why it cannot. */
export function startLine({ values, valid, plan, problem, isDone }: StartFacts): string {
  if (problem !== null) return problem;
  if (values.processSrc === "") return "Choose pictures first";
  if (!valid) return "Correct the marked fields first";
  if (plan === undefined) return "";
  if (plan.destinationFault !== null && isDone)
    return `Done: the pictures are in ${baseName(values.processDst)}. To make them again, tick “Overwrite pictures in the destination”`;
  if (plan.destinationFault !== null)
    return `${baseName(values.processDst)} holds pictures of these names already: choose another destination, or tick “Overwrite pictures in the destination”`;
  const size = values.processKeepOriginalSize
    ? "their own size"
    : `${effectiveSize(values.processWidth)} × ${effectiveSize(values.processHeight)}`;
  const { replaces, keepsCaptions, replacesCaptions } = plan;
  const parts = [
    `${formatPlural(plan.pictures, "picture")} of ${size} into ${baseName(values.processDst)}`,
    plan.done === 0 ? null : `goes on: ${formatCount(plan.done)} of them are there already`,
    replaces === 0 ? null : `replaces ${formatPlural(replaces, "picture")}`,
    keepsCaptions === 0 ? null : `keeps ${formatPlural(keepsCaptions, "caption")}`,
    replacesCaptions === 0 ? null : `replaces ${formatPlural(replacesCaptions, "caption")}`,
    replaces + replacesCaptions === 0 ? "overwrites nothing" : "the old files go to the bin",
  ];
  return parts.filter((part) => part !== null).join(" · ");
}
