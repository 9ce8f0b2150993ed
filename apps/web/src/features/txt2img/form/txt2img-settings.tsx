/** @file The settings column of txt2img: A1111's fields in A1111's order. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { HIRES_FIELDS, Txt2imgSettingsSchema, type Seed } from "@lexeme/domain/settings";
import { SAMPLER_NAMES, SCHEDULE_TYPES } from "@lexeme/schedulers/catalogue";
import type { ReactNode } from "react";
import type { PersistentForm } from "../../../parts/form/persistent-form.ts";
import { AdvancedFold } from "../../../ui/layout/advanced-fold.tsx";
import { NumberField, SelectField } from "../../../ui/fields/fields.tsx";
import { RestFields, restOf } from "../../../parts/form/rest-fields.tsx";
import { SizeField } from "../../../parts/form/size-field.tsx";
import { FieldRow } from "../../../ui/layout/tab-layout.tsx";
import { HiresSection } from "./hires-section.tsx";
import type { PlotForm } from "../plot/plot-form.ts";
import { PlotSection } from "../plot/plot-section.tsx";
import { SeedField } from "./seed-field.tsx";
import { StylesField } from "./styles-field.tsx";
import { SwapIcon } from "../txt2img-icons.tsx";
import { Txt2imgPrompts } from "./txt2img-prompts.tsx";
import styles from "../txt2img.module.css";

export type Txt2imgForm = PersistentForm<typeof Txt2imgSettingsSchema>;

/** Fields with a place of their own; every other titled field of the schema lies in the fold. */
const PLACED = [
  "prompt",
  "negativePrompt",
  "samplerName",
  "scheduler",
  "steps",
  "width",
  "height",
  "nIter",
  "batchSize",
  "cfgScale",
  "seed",
  "clipSkip",
  // Chosen in the header.
  "vae",
  ...Object.keys(HIRES_FIELDS),
];
/** What A1111 shows once "Extra" is ticked beside the seed. */
const EXTRA = restOf(Txt2imgSettingsSchema, PLACED).filter((name) => /^(subseed|seed)/.test(name));
const REST = restOf(Txt2imgSettingsSchema, [...PLACED, ...EXTRA]);
const ADVANCED = ["clipSkip", ...REST];

export interface Txt2imgSettingsColumnProps {
  form: Txt2imgForm;
  plot: PlotForm;
  /** Seed of the picture that is shown, for "recycle". */
  lastSeed: Seed | null;
  /** And its infotext, which an empty prompt reads back. */
  lastInfotext: string | null;
  promptPlaceholder: string;
}

export function Txt2imgSettingsColumn(props: Txt2imgSettingsColumnProps): ReactNode {
  const { form, plot, lastSeed, lastInfotext, promptPlaceholder } = props;
  const { field, values, patch } = form;
  return (
    <>
      <Txt2imgPrompts form={form} placeholder={promptPlaceholder} lastInfotext={lastInfotext} />
      <StylesField form={form} />
      <FieldRow>
        <SelectField field={field("samplerName")} options={SAMPLER_NAMES} />
        <SelectField field={field("scheduler")} options={SCHEDULE_TYPES} />
      </FieldRow>
      <NumberField field={field("steps")} min={1} max={150} />
      <HiresSection form={form} />
      <div className={styles["sizes"]}>
        <SizeField field={field("width")} />
        <Tooltip label="Swap width and height">
          <ActionIcon
            className={styles["swap"] ?? ""}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Swap width and height"
            onClick={() => patch({ width: values.height, height: values.width })}
          >
            <SwapIcon />
          </ActionIcon>
        </Tooltip>
        <SizeField field={field("height")} />
      </div>
      <FieldRow>
        <NumberField field={field("nIter")} min={1} max={100} />
        <NumberField field={field("batchSize")} min={1} max={8} />
      </FieldRow>
      <FieldRow>
        <NumberField field={field("cfgScale")} min={1} max={30} step={0.5} decimals={2} />
        <SeedField field={field("seed")} lastSeed={lastSeed} />
      </FieldRow>
      {EXTRA.length === 0 ? null : (
        <AdvancedFold
          storageKey="txt2img-extra"
          title="Extra"
          changed={form.changedAmong(EXTRA)}
          onReset={() => form.reset(EXTRA)}
        >
          <RestFields form={form} names={EXTRA} />
        </AdvancedFold>
      )}
      <AdvancedFold storageKey="txt2img" changed={form.changedAmong(ADVANCED)} onReset={() => form.reset(ADVANCED)}>
        <NumberField
          field={field("clipSkip")}
          min={1}
          max={12}
          description="Layer of the text encoder the prompt is taken from, counted from the last"
        />
        <RestFields form={form} names={REST} />
      </AdvancedFold>
      <PlotSection plot={plot} prompt={values.prompt} />
    </>
  );
}
