/** @file The settings column of txt2img: A1111's fields in A1111's order. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { HIRES_FIELDS, Txt2imgSettingsSchema, type Seed } from "@lexeme/domain/settings";
import { memo, type ReactNode } from "react";
import { FormFold, FormNumber, FormSelect, FormSize } from "../../../parts/form/form-fields.tsx";
import { RestFields, restOf } from "../../../parts/form/rest-fields.tsx";
import { useField } from "../../../parts/form/use-form.ts";
import { txt2imgForm } from "../../../state/forms.ts";
import { NO_SCRIPT, useScript } from "../../../state/script.ts";
import { FieldRow } from "../../../ui/layout/tab-layout.tsx";
import { PlotSection } from "../plot/plot-section.tsx";
import { SwapIcon } from "../txt2img-icons.tsx";
import { HiresSection } from "./hires-section.tsx";
import { SeedField } from "./seed-field.tsx";
import { StylesField } from "../styles/styles-field.tsx";
import { Txt2imgPrompts } from "./txt2img-prompts.tsx";
import styles from "../txt2img.module.css";

/** Fields that are placed one by one; every other titled field of the schema lies in the fold. */
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
/** The fields that A1111 shows once "Extra" is ticked beside the seed. */
const EXTRA = restOf(Txt2imgSettingsSchema, PLACED).filter((name) => /^(subseed|seed)/.test(name));
const REST = restOf(Txt2imgSettingsSchema, [...PLACED, ...EXTRA]);
const ADVANCED = ["clipSkip", ...REST];

export interface Txt2imgSettingsColumnProps {
  /** Seed of the picture that is shown, for "recycle". */
  lastSeed: Seed | null;
  /** Infotext of that picture, which the button of an empty prompt reads. */
  lastInfotext: string | null;
  promptPlaceholder: string;
}

export const Txt2imgSettingsColumn = memo(function Txt2imgSettingsColumn(props: Txt2imgSettingsColumnProps): ReactNode {
  const { lastSeed, lastInfotext, promptPlaceholder } = props;
  const isPlot = useScript() !== NO_SCRIPT;
  return (
    <>
      <Txt2imgPrompts placeholder={promptPlaceholder} lastInfotext={lastInfotext} />
      <StylesField />
      <FieldRow>
        <FormSelect form={txt2imgForm} name="samplerName" />
        <FormSelect form={txt2imgForm} name="scheduler" />
      </FieldRow>
      <FormNumber form={txt2imgForm} name="steps" />
      <HiresSection />
      <div className={styles["sizes"]}>
        <FormSize form={txt2imgForm} name="width" />
        <Tooltip label="Swap width and height">
          <ActionIcon
            className={styles["swap"] ?? ""}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="Swap width and height"
            onClick={swapSizes}
          >
            <SwapIcon />
          </ActionIcon>
        </Tooltip>
        <FormSize form={txt2imgForm} name="height" />
      </div>
      <FieldRow>
        <BatchNumber name="nIter" isPlot={isPlot} />
        <BatchNumber name="batchSize" isPlot={isPlot} />
      </FieldRow>
      {isPlot ? <p className={styles["note"]}>A plot draws one picture for each cell.</p> : null}
      <FieldRow>
        <FormNumber form={txt2imgForm} name="cfgScale" step={0.5} />
        <SeedOfForm last={lastSeed} />
      </FieldRow>
      {EXTRA.length === 0 ? null : (
        <FormFold form={txt2imgForm} names={EXTRA} storageKey="txt2img-extra" title="Extra">
          <RestFields form={txt2imgForm} names={EXTRA} />
        </FormFold>
      )}
      <FormFold form={txt2imgForm} names={ADVANCED} storageKey="txt2img">
        <FormNumber form={txt2imgForm} name="clipSkip" />
        <RestFields form={txt2imgForm} names={REST} />
      </FormFold>
      <PlotSection />
    </>
  );
});

/** A plot does not use it, but a value that no form can send must be corrected. */
function BatchNumber({ name, isPlot }: { name: "nIter" | "batchSize"; isPlot: boolean }): ReactNode {
  const { error } = useField(txt2imgForm, name);
  return <FormNumber form={txt2imgForm} name={name} disabled={isPlot && error === undefined} />;
}

function SeedOfForm({ last }: { last: Seed | null }): ReactNode {
  return <SeedField field={useField(txt2imgForm, "seed")} lastSeed={last} />;
}

function swapSizes(): void {
  const { width, height } = txt2imgForm.read().values;
  txt2imgForm.patch({ width: height, height: width });
}
