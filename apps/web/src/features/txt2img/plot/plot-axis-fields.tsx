/** @file One axis of a plot: what varies, and its values with a button that fills in all there are. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { XYZ_AXIS_TYPES, type XyzAxisType, type XYZ_AXIS_NAMES } from "@lexeme/domain/plot";
import type { ReactNode } from "react";
import { useCheckpoints, useRoute } from "../../../api/queries.ts";
import { useField, useFormValues } from "../../../parts/form/use-form.ts";
import { plotForm } from "../../../state/forms.ts";
import { formatPlural } from "../../../ui/text/format.ts";
import { SelectField, TextField } from "../../../ui/fields/fields.tsx";
import { FillIcon } from "../txt2img-icons.tsx";
import { fillOf, type FillSources } from "./plot-fill.ts";
import { usePlotField, type PlotReading } from "./plot-form.ts";
import styles from "./plot-section.module.css";

export interface PlotAxisFieldsProps {
  name: (typeof XYZ_AXIS_NAMES)[number];
  plot: PlotReading;
  onType: (type: XyzAxisType) => void;
}

/** How values of each type are written. */
const EXAMPLES: Record<XyzAxisType, string> = {
  Nothing: "",
  Seed: "1, 2, 10-12, -1",
  Steps: "10, 20 or 10-50 (+10)",
  "CFG Scale": "4, 7.5 or 3-9 [3]",
  "Prompt S/R": 'cat, dog, "black, white"',
  Sampler: "Euler a, DPM++ 2M",
  "Checkpoint name": "one.safetensors, two",
  "Embedding weight": "0.6, 1, 1.4 or 0.5-1.5 [5]",
  "Training copy": "100, 200 or 100-500 (+100)",
};

const HELP: Partial<Record<XyzAxisType, string>> = {
  "Prompt S/R": "The first is searched for in the prompt, and replaced by each of them",
  "Training copy": "Steps of the copies that a training saved",
};

export function PlotAxisFields({ name, plot, onType }: PlotAxisFieldsProps): ReactNode {
  const typeField = useField(plotForm, `${name}Type`);
  const type = typeField.value;
  const checkpoints = useCheckpoints().data;
  const embedding = useFormValues(plotForm, ({ xyzEmbedding }) => xyzEmbedding);
  const runs = useRoute(
    "listRuns",
    type === "Training copy" && embedding !== "" ? { query: { embedding } } : null,
  ).data;
  const sources: FillSources = { checkpoints: checkpoints ?? [], copies: runs?.[0]?.copies ?? [] };
  const fill = fillOf(type, sources);
  const values = usePlotField(`${name}Values`, plot);
  const axis = plot.plan?.[name];
  const count = axis && axis.type !== "Nothing" && axis.type === type ? axis.values.length : 0;
  return (
    <div className={styles["axis"]}>
      <SelectField field={{ ...typeField, onChange: onType }} options={XYZ_AXIS_TYPES} />
      <TextField
        field={values}
        disabled={type === "Nothing"}
        placeholder={EXAMPLES[type]}
        description={null}
        rightSection={
          fill === undefined ? null : (
            <Tooltip label={fill.label}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={fill.label}
                onClick={() => values.onChange(fill.text)}
              >
                <FillIcon />
              </ActionIcon>
            </Tooltip>
          )
        }
      />
      {type === "Nothing" || values.error !== undefined ? null : (
        <p className={styles["note"]}>
          {[HELP[type], count > 0 ? formatPlural(count, "value") : undefined].filter(Boolean).join(" · ")}
        </p>
      )}
    </div>
  );
}
