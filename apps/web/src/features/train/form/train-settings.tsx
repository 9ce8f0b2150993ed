/** @file The settings column of Train: A1111's fields in A1111's order, the rare ones folded away. */
import { WRITTEN_FORMATS } from "@lexeme/domain/libraries";
import { TrainSettingsSchema } from "@lexeme/domain/settings";
import { memo, useMemo, type ReactNode } from "react";
import { useSystem } from "../../../api/queries.ts";
import { FormCheck, FormDigits, FormFold, FormNumber, FormSelect, FormSize } from "../../../parts/form/form-fields.tsx";
import { RestFields, restOf } from "../../../parts/form/rest-fields.tsx";
import { useField, useFormValues } from "../../../parts/form/use-form.ts";
import { trainForm } from "../../../state/forms.ts";
import { chooseDataset, chooseForTraining } from "../../../state/training-choice.ts";
import { SelectField, TextField } from "../../../ui/fields/fields.tsx";
import { FieldRow } from "../../../ui/layout/tab-layout.tsx";
import { DatasetField } from "../dataset/dataset-field.tsx";
import { TemplateField } from "../dataset/template-field.tsx";
import { useDataset } from "../dataset/use-dataset.ts";
import { LearningRateField } from "../schedule/learning-rate-field.tsx";
import { readScheduleFrom } from "../schedule/schedule-reading.ts";
import { EmbeddingField } from "./embedding-field.tsx";
import { PresetButtons } from "./preset-buttons.tsx";
import { PreviewFields } from "./preview-fields.tsx";
import { ResumeField } from "./resume-field.tsx";
import { useBeginning } from "./use-beginning.ts";
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

/** Titled fields of the schema that are not placed one by one here. */
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

export const TrainSettingsColumn = memo(function TrainSettingsColumn(): ReactNode {
  return (
    <>
      <Embedding />
      <Beginning />
      <div>
        <PresetButtons />
        <LearningRate />
      </div>
      <div className={styles["batch"]}>
        <FormNumber form={trainForm} name="batchSize" />
        <FormNumber form={trainForm} name="gradientStep" />
      </div>
      <DatasetDirectory />
      <Template />
      <FieldRow>
        <FormSize form={trainForm} name="trainingWidth" />
        <FormSize form={trainForm} name="trainingHeight" />
      </FieldRow>
      <FormNumber form={trainForm} name="steps" step={100} />
      <FormNumber form={trainForm} name="createImageEvery" step={50} />
      <FormNumber form={trainForm} name="saveEmbeddingEvery" step={50} />
      <FormFold form={trainForm} names={PREVIEW} storageKey="train-preview" title="Previews">
        <PreviewFields />
        <RestFields form={trainForm} names={PREVIEW_REST} />
      </FormFold>
      <FormFold form={trainForm} names={ADVANCED} storageKey="train">
        <FieldRow>
          <FormSelect form={trainForm} name="clipGradMode" />
          <ClippingValue />
        </FieldRow>
        <FormCheck form={trainForm} name="shuffleTags" />
        <FormNumber form={trainForm} name="tagDropOut" step={0.1} />
        <FormSelect form={trainForm} name="latentSamplingMethod" />
        <FormDigits form={trainForm} name="seed" description="-1 takes another seed for each training" />
        <FileFormat />
        <RestFields form={trainForm} names={ADVANCED_REST} />
      </FormFold>
    </>
  );
});

function Embedding(): ReactNode {
  const field = useField(trainForm, "embeddingName");
  return <EmbeddingField field={{ ...field, onChange: chooseForTraining }} />;
}

function Beginning(): ReactNode {
  const { runs, earlier, embeddingStep } = useBeginning();
  const field = useField(trainForm, "resumeFrom");
  return <ResumeField field={field} runs={runs} earlier={earlier} embeddingStep={embeddingStep} />;
}

function LearningRate(): ReactNode {
  const field = useField(trainForm, "learnRate");
  const steps = useFormValues(trainForm, (values) => values.steps);
  const { from } = useBeginning();
  const schedule = useMemo(() => readScheduleFrom({ learnRate: field.value, steps }, from), [field.value, steps, from]);
  return <LearningRateField field={field} schedule={schedule} />;
}

function DatasetDirectory(): ReactNode {
  const field = useField(trainForm, "dataRoot");
  const system = useSystem().data;
  return (
    <DatasetField
      field={{ ...field, onChange: chooseDataset }}
      dataset={useDataset()}
      start={system?.folders.datasets}
    />
  );
}

function Template(): ReactNode {
  const name = useFormValues(trainForm, ({ embeddingName }) => embeddingName);
  const picture = useDataset().data?.pictures[0];
  return <TemplateField field={useField(trainForm, "templateFilename")} name={name} picture={picture} />;
}

function ClippingValue(): ReactNode {
  const { isOff, steps } = useFormValues(trainForm, ({ clipGradMode, steps: all }) => ({
    isOff: clipGradMode === "disabled",
    steps: all,
  }));
  const field = useField(trainForm, "clipGradValue");
  const { from } = useBeginning();
  const { fault, issues } = readScheduleFrom({ learnRate: field.value, steps }, from);
  // A limit may be as large as one likes.
  const remark = isOff ? undefined : issues.find(({ kind }) => kind !== "large-rate")?.message;
  return (
    <TextField
      field={{ ...field, error: field.error ?? (isOff ? undefined : fault?.message) }}
      disabled={isOff}
      description={remark === undefined ? null : <span className={styles["remark"]}>{remark}</span>}
    />
  );
}

/** "Keep the format" is null in the settings, and a select has no null. */
function FileFormat(): ReactNode {
  const field = useField(trainForm, "fileFormat");
  return (
    <SelectField
      field={{
        ...field,
        value: field.value ?? "keep",
        onChange: (value) => field.onChange(value === "keep" ? null : value),
      }}
      options={[
        { value: "keep", label: "Keep the embedding's format" },
        ...WRITTEN_FORMATS.map((format) => ({ value: format, label: `.${format}` })),
      ]}
    />
  );
}
