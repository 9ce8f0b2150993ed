/** @file Hires fix in the settings column: A1111's fields in its order, behind their switch; the rare ones in a separate fold. */
import { Checkbox, Collapse } from "@mantine/core";
import { namedUpscaler, pictureSize, SAME_AS_FIRST_PASS, type Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { SAMPLER_NAMES, SCHEDULE_TYPES } from "@lexeme/schedulers/catalogue";
import type { ReactNode } from "react";
import { useUpscalers } from "../../../api/queries.ts";
import { FormFold, FormNumber } from "../../../parts/form/form-fields.tsx";
import { useField, useFieldOfType, useFormReading, useFormValues } from "../../../parts/form/use-form.ts";
import { FormPrompt } from "../../../parts/prompt/form-prompt.tsx";
import type { FormReading } from "../../../state/form-store.ts";
import { txt2imgForm } from "../../../state/forms.ts";
import { SelectField } from "../../../ui/fields/fields.tsx";
import { FieldRow } from "../../../ui/layout/tab-layout.tsx";
import styles from "./hires-section.module.css";

const SECOND_PASS = ["hrSamplerName", "hrScheduler", "hrPrompt", "hrNegativePrompt"];

export function HiresSection(): ReactNode {
  const enabled = useField(txt2imgForm, "enableHr");
  return (
    <section className={styles["section"]} aria-label={enabled.label}>
      <div className={styles["head"]}>
        <Checkbox
          label={enabled.label}
          name={enabled.name}
          checked={enabled.value}
          classNames={{ label: styles["label"] ?? "" }}
          onChange={(event) => enabled.onChange(event.currentTarget.checked)}
        />
        {enabled.value ? <Sizes /> : null}
      </div>
      <Collapse expanded={enabled.value}>
        <div className={styles["body"]}>
          <FieldRow>
            <Upscaler />
            <SecondPassSteps />
          </FieldRow>
          <FieldRow>
            <FormNumber form={txt2imgForm} name="denoisingStrength" step={0.05} />
            <Scale />
          </FieldRow>
          <FieldRow>
            <FormNumber form={txt2imgForm} name="hrResizeX" step={8} />
            <FormNumber form={txt2imgForm} name="hrResizeY" step={8} />
          </FieldRow>
          <FormFold
            form={txt2imgForm}
            names={SECOND_PASS}
            storageKey="txt2img-hires"
            title="Prompts and sampler of the second pass"
          >
            <OrSame name="hrSamplerName" same={SAME_AS_FIRST_PASS.sampler} names={SAMPLER_NAMES} />
            <OrSame name="hrScheduler" same={SAME_AS_FIRST_PASS.scheduler} names={SCHEDULE_TYPES} />
            <FormPrompt form={txt2imgForm} name="hrPrompt" placeholder="The same as the prompt" minRows={2} />
            <FormPrompt
              form={txt2imgForm}
              name="hrNegativePrompt"
              role="negative"
              placeholder="The same as the negative prompt"
              minRows={2}
            />
          </FormFold>
        </div>
      </Collapse>
    </section>
  );
}

function Sizes(): ReactNode {
  return <span className={styles["sizes"]}>{useFormReading(txt2imgForm, sizesText)}</span>;
}

function SecondPassSteps(): ReactNode {
  const asAbove = useFormValues(txt2imgForm, (values) => (values.hrSecondPassSteps === 0 ? values.steps : null));
  return (
    <FormNumber
      form={txt2imgForm}
      name="hrSecondPassSteps"

      description={asAbove === null ? null : `As many as above: ${asAbove}`}
    />
  );
}

function Scale(): ReactNode {
  const isResized = useFormValues(txt2imgForm, ({ hrResizeX, hrResizeY }) => hrResizeX > 0 || hrResizeY > 0);
  return <FormNumber form={txt2imgForm} name="hrScale" step={0.05} disabled={isResized} />;
}

function Upscaler(): ReactNode {
  const field = useField(txt2imgForm, "hrUpscaler");
  const value = namedUpscaler(field.value);
  const options = useUpscalers().data?.map(({ name, unusableReason }) => ({
    value: name,
    label: unusableReason === null ? name : `${name} (cannot be used)`,
    disabled: unusableReason !== null,
  }));
  return <SelectField field={{ ...field, value }} options={options ?? [value]} description={null} />;
}

/** "from 512 × 512 to 1024 × 1024"; nothing while a size is being typed. */
function sizesText({ values, errors }: FormReading<typeof Txt2imgSettingsSchema>): string {
  const { width, height, hrScale, hrResizeX, hrResizeY } = values;
  const numbers = { width, height, hrScale, hrResizeX, hrResizeY };
  if (Object.entries(numbers).some(([name, value]) => typeof value !== "number" || errors[name] !== undefined))
    return "";
  const [from, to] = [pictureSize({ ...values, enableHr: false }), pictureSize({ ...numbers, enableHr: true })];
  return `from ${from.width} × ${from.height} to ${to.width} × ${to.height}`;
}

/** A choice that may be null; `same` is the name that the list shows for null. */
function OrSame(props: { name: "hrSamplerName" | "hrScheduler"; same: string; names: readonly string[] }): ReactNode {
  const { name, same, names } = props;
  const { value, onChange, ...field } = useFieldOfType<typeof Txt2imgSettingsSchema, string | null>(txt2imgForm, name);
  return (
    <SelectField
      field={{ ...field, value: value ?? same, onChange: (chosen) => onChange(chosen === same ? null : chosen) }}
      options={[same, ...names]}
    />
  );
}
