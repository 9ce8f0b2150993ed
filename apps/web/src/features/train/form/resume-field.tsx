/** @file Where a training begins: at the embedding as it is, or at a copy of an earlier run. */
import { Select } from "@mantine/core";
import type { Run } from "@lexeme/protocol";
import type { ReactNode } from "react";
import type { Field } from "../../../ui/fields/field.ts";
import { baseName } from "../../../ui/text/folder-path.ts";
import { formatCount, formatWhen } from "../../../ui/text/format.ts";

/** Select's values are strings; the embedding itself has no path. */
const FROM_EMBEDDING = "";

export interface ResumeFieldProps {
  field: Field<string | null>;
  runs: readonly Run[];
  /** Folders of the runs that trained an earlier embedding with the name. */
  earlier: ReadonlySet<string>;
  embeddingStep: number;
}

export function ResumeField({ field, runs, earlier, embeddingStep }: ResumeFieldProps): ReactNode {
  const groups = runs
    .filter((run) => run.copies.length > 0)
    .map((run) => ({
      group: `${earlier.has(run.folder) ? "Earlier embedding, run" : "Run"} of ${formatWhen(run.startedAt)}`,
      items: run.copies
        .toSorted((a, b) => b.step - a.step)
        .map((copy) => ({ value: copy.path, label: `Copy of step ${formatCount(copy.step)}` })),
    }));
  const unknown = field.value !== null && stepOfCopy(runs, field.value) === null ? field.value : null;
  if (groups.length === 0 && unknown === null) return null;
  const embedding =
    embeddingStep === 0
      ? "The embedding as it is, from step 0"
      : `The embedding as it is, step ${formatCount(embeddingStep)}`;
  return (
    <Select
      label="Go on from"
      name={field.name}
      description="Pick a copy to train on from an earlier step"
      value={field.value ?? FROM_EMBEDDING}
      error={field.error}
      data={[
        { value: FROM_EMBEDDING, label: embedding },
        // A chosen copy that was deleted since must stay visible.
        ...(unknown === null ? [] : [{ value: unknown, label: baseName(unknown) }]),
        ...groups,
      ]}
      onChange={(path) => field.onChange(path === FROM_EMBEDDING ? null : path)}
    />
  );
}

/** Step that the chosen copy holds; null when `path` is none of these runs' copies. */
export function stepOfCopy(runs: readonly Run[], path: string | null): number | null {
  return runs.flatMap((run) => run.copies).find((copy) => copy.path === path)?.step ?? null;
}
