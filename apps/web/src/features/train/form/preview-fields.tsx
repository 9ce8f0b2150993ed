/** @file What a training's previews draw, or txt2img's settings taken over. */
import { Button } from "@mantine/core";
import { SAMPLER_NAMES, SCHEDULE_TYPES } from "@lexeme/schedulers/catalogue";
import type { ReactNode } from "react";
import { txt2imgForm } from "../../../state/forms.ts";
import { previewFrom } from "../../../parts/infotext/reuse-settings.ts";
import { DigitsField, NumberField, SelectField } from "../../../ui/fields/fields.tsx";
import { PromptEditor } from "../../../parts/prompt/prompt-editor.tsx";
import { FieldRow } from "../../../ui/layout/tab-layout.tsx";
import type { TrainForm } from "./train-form.ts";
import styles from "../train.module.css";

export function PreviewFields({ form }: { form: TrainForm }): ReactNode {
  const { field, patch } = form;
  return (
    <>
      <PromptEditor field={field("previewPrompt")} placeholder="Empty: the first prompt of the step" minRows={2} />
      <div className={styles["fromTxt2img"]}>
        <Button size="compact-xs" variant="default" onClick={() => patch(previewFrom(txt2imgForm.read().values))}>
          Use txt2img&rsquo;s prompt and settings
        </Button>
      </div>
      <PromptEditor field={field("previewNegativePrompt")} role="negative" minRows={1} />
      <FieldRow>
        <SelectField field={field("previewSamplerName")} options={SAMPLER_NAMES} />
        <SelectField field={field("previewScheduler")} options={SCHEDULE_TYPES} />
      </FieldRow>
      <NumberField field={field("previewSteps")} min={1} max={150} />
      <FieldRow>
        <NumberField field={field("previewCfgScale")} min={1} max={30} step={0.5} decimals={2} />
        <DigitsField field={field("previewSeed")} description={null} />
      </FieldRow>
    </>
  );
}
