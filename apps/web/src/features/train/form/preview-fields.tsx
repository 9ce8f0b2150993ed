/** @file The prompts and settings of a training's previews; a button takes them over from txt2img. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { trainForm, txt2imgForm } from "../../../state/forms.ts";
import { previewFrom } from "../../../parts/infotext/reuse-settings.ts";
import { FormDigits, FormNumber, FormSelect } from "../../../parts/form/form-fields.tsx";
import { FormPrompt } from "../../../parts/prompt/form-prompt.tsx";
import { FieldRow } from "../../../ui/layout/tab-layout.tsx";
import styles from "../train.module.css";

export function PreviewFields(): ReactNode {
  return (
    <>
      <FormPrompt form={trainForm} name="previewPrompt" placeholder="Empty: the first prompt of the step" minRows={2} />
      <div className={styles["fromTxt2img"]}>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => trainForm.patch(previewFrom(txt2imgForm.read().values))}
        >
          Use txt2img&rsquo;s prompt and settings
        </Button>
      </div>
      <FormPrompt form={trainForm} name="previewNegativePrompt" role="negative" minRows={1} />
      <FieldRow>
        <FormSelect form={trainForm} name="previewSamplerName" />
        <FormSelect form={trainForm} name="previewScheduler" />
      </FieldRow>
      <FormNumber form={trainForm} name="previewSteps" />
      <FieldRow>
        <FormNumber form={trainForm} name="previewCfgScale" step={0.5} />
        <FormDigits form={trainForm} name="previewSeed" description={null} />
      </FieldRow>
    </>
  );
}
