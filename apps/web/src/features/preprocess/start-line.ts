/** @file The line under Preprocess: what will be written, and where. */
import { effectiveSize, type PreprocessSettings } from "@lexeme/domain/settings";
import { baseName } from "../../ui/text/folder-path.ts";
import { formatPlural } from "../../ui/text/format.ts";

interface StartFacts {
  values: PreprocessSettings;
  valid: boolean;
  sourceCount: number | null;
  preparedCount: number;
  problem: string | null;
}

/** Says what a start would do, or why it cannot. */
export function startLine({ values, valid, sourceCount, preparedCount, problem }: StartFacts): string {
  if (problem !== null) return problem;
  if (values.processSrc === "") return "Choose pictures first";
  if (!valid) return "Correct the marked fields first";
  if (sourceCount === null) return "";
  const size = values.processKeepOriginalSize
    ? "their own size"
    : `${effectiveSize(values.processWidth)} × ${effectiveSize(values.processHeight)}`;
  const copies = values.processFlip ? sourceCount * 2 : sourceCount;
  const written = `${formatPlural(copies, "picture")}${values.processSplit ? " or more" : ""} of ${size} into ${baseName(values.processDst)}`;
  if (preparedCount === 0) return `${written} · overwrites nothing`;
  const there = formatPlural(preparedCount, "picture");
  return `${written} · ${values.overwriteDestination ? `replaces pictures of the same name among the ${there} there` : `adds to the ${there} there, replaces none`}`;
}
