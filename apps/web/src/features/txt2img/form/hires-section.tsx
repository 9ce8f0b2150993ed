/** @file Hires fix in the settings column: A1111's fields in its order, behind their switch; the rare ones in a fold of their own. */
import { Checkbox, Collapse } from "@mantine/core";
import { pictureSize, type Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { SAMPLER_NAMES, SCHEDULE_TYPES } from "@lexeme/schedulers/catalogue";
import type { ReactNode } from "react";
import { useUpscalers } from "../../../api/queries.ts";
import type { Field } from "../../../ui/fields/field.ts";
import type { PersistentForm } from "../../../parts/form/persistent-form.ts";
import { AdvancedFold } from "../../../ui/layout/advanced-fold.tsx";
import { NumberField, SelectField } from "../../../ui/fields/fields.tsx";
import { PromptEditor } from "../../../parts/prompt/prompt-editor.tsx";
import { FieldRow } from "../../../ui/layout/tab-layout.tsx";
import styles from "./hires-section.module.css";

type Txt2imgForm = PersistentForm<typeof Txt2imgSettingsSchema>;

/** A1111's words for a choice that is the first pass'. */
const SAME_SAMPLER = "Use same sampler";
const SAME_SCHEDULE = "Use same scheduler";
const SECOND_PASS = ["hrSamplerName", "hrScheduler", "hrPrompt", "hrNegativePrompt"];

export function HiresSection({ form }: { form: Txt2imgForm }): ReactNode {
  const { field, values } = form;
  const enabled = field("enableHr");
  const isResized = values.hrResizeX > 0 || values.hrResizeY > 0;
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
        {enabled.value ? <span className={styles["sizes"]}>{sizesText(form)}</span> : null}
      </div>
      <Collapse expanded={enabled.value}>
        <div className={styles["body"]}>
          <FieldRow>
            <UpscalerField field={field("hrUpscaler")} />
            <NumberField
              field={field("hrSecondPassSteps")}
              min={0}
              max={150}
              description={values.hrSecondPassSteps === 0 ? `As many as above: ${values.steps}` : null}
            />
          </FieldRow>
          <FieldRow>
            <NumberField field={field("denoisingStrength")} min={0} max={1} step={0.05} decimals={2} />
            <NumberField field={field("hrScale")} min={1} max={4} step={0.05} decimals={2} disabled={isResized} />
          </FieldRow>
          <FieldRow>
            <NumberField field={field("hrResizeX")} min={0} step={8} />
            <NumberField field={field("hrResizeY")} min={0} step={8} />
          </FieldRow>
          <AdvancedFold
            storageKey="txt2img-hires"
            title="Prompts and sampler of the second pass"
            changed={form.changedAmong(SECOND_PASS)}
            onReset={() => form.reset(SECOND_PASS)}
          >
            <SelectField
              field={orSame(form, "hrSamplerName", SAME_SAMPLER)}
              options={[SAME_SAMPLER, ...SAMPLER_NAMES]}
            />
            <SelectField
              field={orSame(form, "hrScheduler", SAME_SCHEDULE)}
              options={[SAME_SCHEDULE, ...SCHEDULE_TYPES]}
            />
            <PromptEditor field={field("hrPrompt")} placeholder="The same as the prompt" minRows={2} />
            <PromptEditor
              field={field("hrNegativePrompt")}
              role="negative"
              placeholder="The same as the negative prompt"
              minRows={2}
            />
          </AdvancedFold>
        </div>
      </Collapse>
    </section>
  );
}

/** A name from an infotext stays chosen, and marked, where there is no such upscaler. */
function UpscalerField({ field }: { field: Field<string> }): ReactNode {
  const known = useUpscalers().data;
  const names = known?.map(({ name }) => name) ?? [];
  const missing = known === undefined ? field.value : `${field.value} (not here)`;
  const options = (known ?? []).map(({ name, unusableReason }) => ({
    value: name,
    label: unusableReason === null ? name : `${name} (cannot be used)`,
    disabled: unusableReason !== null,
  }));
  return (
    <SelectField
      field={field}
      options={names.includes(field.value) ? options : [...options, { value: field.value, label: missing }]}
      description={null}
    />
  );
}

/** "from 512 × 512 to 1024 × 1024"; nothing while a size is being typed. */
function sizesText({ values, errors }: Txt2imgForm): string {
  const { width, height, hrScale, hrResizeX, hrResizeY } = values;
  const numbers = { width, height, hrScale, hrResizeX, hrResizeY };
  if (Object.entries(numbers).some(([name, value]) => typeof value !== "number" || errors[name] !== undefined))
    return "";
  const [from, to] = [pictureSize({ ...values, enableHr: false }), pictureSize({ ...numbers, enableHr: true })];
  return `from ${from.width} × ${from.height} to ${to.width} × ${to.height}`;
}

/** A choice that may be null, under a name of its own. */
function orSame(form: Txt2imgForm, name: "hrSamplerName" | "hrScheduler", same: string): Field<string> {
  const field = form.field(name) as unknown as Field<string | null>;
  return {
    ...field,
    value: field.value ?? same,
    onChange: (value) => field.onChange(value === same ? null : value),
  };
}
