/** @file One axis of a plot: its type, and its values with a button that fills in all possible ones. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { axisRow, XYZ_AXIS_TYPES, type XyzAxisType, type XYZ_AXIS_NAMES } from "@lexeme/domain/plot";
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

export function PlotAxisFields({ name, plot, onType }: PlotAxisFieldsProps): ReactNode {
  const typeField = useField(plotForm, `${name}Type`);
  const type = typeField.value;
  const checkpoints = useCheckpoints().data;
  const embedding = useFormValues(plotForm, ({ xyzEmbedding }) => xyzEmbedding);
  const { example, help, isEmpty = false, files } = axisRow(type);
  const runs = useRoute(
    "listRuns",
    files === "trainingCopy" && embedding !== "" ? { query: { embedding } } : null,
  ).data;
  const sources: FillSources = { checkpoints: checkpoints ?? [], copies: runs?.[0]?.copies ?? [] };
  const fill = fillOf(type, sources);
  const values = usePlotField(`${name}Values`, plot);
  const axis = plot.plan?.[name];
  const count = axis && !isEmpty && axis.type === type ? axis.values.length : 0;
  return (
    <div className={styles["axis"]}>
      <SelectField field={{ ...typeField, onChange: onType }} options={XYZ_AXIS_TYPES} />
      <TextField
        field={values}
        disabled={isEmpty}
        placeholder={example}
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
      {isEmpty || values.error !== undefined ? null : (
        <p className={styles["note"]}>
          {[help, count > 0 ? formatPlural(count, "value") : undefined].filter(Boolean).join(" · ")}
        </p>
      )}
    </div>
  );
}
