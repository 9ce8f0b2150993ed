/** @file The settings column of Train: A1111's fields in A1111's order, the rare ones folded away. */
import { TrainSettingsSchema } from "@lexeme/domain/settings";
import type { Dataset, Run } from "@lexeme/protocol";
import type { ReactNode } from "react";
import type { Field } from "../../../ui/fields/field.ts";
import { setSession } from "../../../state/session.ts";
import { AdvancedFold } from "../../../ui/layout/advanced-fold.tsx";
import { CheckField, DigitsField, NumberField, SelectField, TextField } from "../../../ui/fields/fields.tsx";
import { RestFields, restOf } from "../../../parts/form/rest-fields.tsx";
import { SizeField } from "../../../parts/form/size-field.tsx";
import { FieldRow } from "../../../ui/layout/tab-layout.tsx";
import { DatasetField } from "../dataset/dataset-field.tsx";
import { EmbeddingField } from "./embedding-field.tsx";
import { LearningRateField } from "../schedule/learning-rate-field.tsx";
import { PresetButtons } from "./preset-buttons.tsx";
import { PreviewFields } from "./preview-fields.tsx";
import { ResumeField } from "./resume-field.tsx";
import type { ScheduleReading } from "../schedule/schedule-reading.ts";
import type { TrainForm } from "./train-form.ts";
import { TemplateField } from "../dataset/template-field.tsx";
import styles from "../train.module.css";

const OWN_ADVANCED = [
  "clipGradMode",
  "clipGradValue",
  "shuffleTags",
  "tagDropOut",
  "latentSamplingMethod",
  "seed",
  "fileFormat",
];

const OWN_PREVIEW = [
  "previewPrompt",
  "previewNegativePrompt",
  "previewSteps",
  "previewSamplerName",
  "previewScheduler",
  "previewCfgScale",
  "previewSeed",
];

/** Titled fields of the schema that have no place of their own. */
const REST = restOf(TrainSettingsSchema, [
  ...OWN_ADVANCED,
  ...OWN_PREVIEW,
  "embeddingName",
  "learnRate",
  "batchSize",
  "gradientStep",
  "dataRoot",
  "templateFilename",
  "trainingWidth",
  "trainingHeight",
  "steps",
  "createImageEvery",
  "saveEmbeddingEvery",
  // Chosen in the header.
  "vae",
]);
const PREVIEW_REST = REST.filter((name) => name.startsWith("preview"));
const ADVANCED_REST = REST.filter((name) => !name.startsWith("preview"));
const PREVIEW = [...OWN_PREVIEW, ...PREVIEW_REST];
const ADVANCED = [...OWN_ADVANCED, ...ADVANCED_REST];

export interface TrainSettingsColumnProps {
  form: TrainForm;
  schedule: ScheduleReading;
  dataset: { data?: Dataset | undefined; error: unknown; isFetching: boolean };
  datasetsFolder: string | undefined;
  runs: readonly Run[];
  embeddingStep: number;
}

export function TrainSettingsColumn(props: TrainSettingsColumnProps): ReactNode {
  const { form, schedule, dataset, datasetsFolder, runs, embeddingStep } = props;
  const { field, values } = form;
  return (
    <>
      <EmbeddingField
        field={{
          ...field("embeddingName"),
          onChange: (name) => {
            form.patch({ embeddingName: name, resumeFrom: null });
            setSession({ embedding: name });
          },
        }}
      />
      <ResumeField field={field("resumeFrom") as Field<string | null>} runs={runs} embeddingStep={embeddingStep} />
      <div>
        <PresetButtons form={form} />
        <LearningRateField field={field("learnRate")} schedule={schedule} />
      </div>
      <div className={styles["batch"]}>
        <NumberField field={field("batchSize")} min={1} max={64} />
        <NumberField field={field("gradientStep")} min={1} />
      </div>
      <DatasetField
        field={{
          ...field("dataRoot"),
          onChange: (path) => {
            form.patch({ dataRoot: path });
            setSession({ dataset: path });
          },
        }}
        dataset={dataset}
        start={datasetsFolder}
      />
      <TemplateField
        field={field("templateFilename")}
        name={values.embeddingName}
        picture={dataset.data?.pictures[0]}
      />
      <FieldRow>
        <SizeField field={field("trainingWidth")} />
        <SizeField field={field("trainingHeight")} />
      </FieldRow>
      <NumberField field={field("steps")} min={1} step={100} />
      <NumberField field={field("createImageEvery")} min={0} step={50} />
      <NumberField field={field("saveEmbeddingEvery")} min={0} step={50} />
      <AdvancedFold
        storageKey="train-preview"
        title="Previews"
        changed={form.changedAmong(PREVIEW)}
        onReset={() => form.reset(PREVIEW)}
      >
        <PreviewFields form={form} />
        <RestFields form={form} names={PREVIEW_REST} />
      </AdvancedFold>
      <AdvancedFold storageKey="train" changed={form.changedAmong(ADVANCED)} onReset={() => form.reset(ADVANCED)}>
        <FieldRow>
          <SelectField field={field("clipGradMode")} options={["disabled", "value", "norm"]} />
          <TextField field={field("clipGradValue")} disabled={values.clipGradMode === "disabled"} />
        </FieldRow>
        <CheckField field={field("shuffleTags")} />
        <NumberField field={field("tagDropOut")} min={0} max={1} step={0.1} decimals={2} />
        <SelectField field={field("latentSamplingMethod")} options={["once", "deterministic", "random"]} />
        <DigitsField field={field("seed")} description="-1 takes another one each time" />
        <SelectField
          field={fileFormatField(form)}
          options={[
            { value: "keep", label: "As the embedding has it" },
            { value: "pt", label: ".pt, as A1111 writes it" },
            { value: "safetensors", label: ".safetensors" },
          ]}
        />
        <RestFields form={form} names={ADVANCED_REST} />
      </AdvancedFold>
    </>
  );
}

/** "Keep the format" is null in the settings, and a select has no null. */
function fileFormatField(form: TrainForm): Field<"keep" | "pt" | "safetensors"> {
  const field = form.field("fileFormat") as Field<"pt" | "safetensors" | null>;
  return {
    ...field,
    value: field.value ?? "keep",
    onChange: (value) => field.onChange(value === "keep" ? null : value),
  };
}
