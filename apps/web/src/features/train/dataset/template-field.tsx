/** @file The prompt template: its lines, and the first of them filled in for a picture of the data set. */
import { UnstyledButton } from "@mantine/core";
import { fillTemplate } from "@lexeme/domain/templates";
import type { DatasetPicture } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import type { CallOutput } from "../../../api/client.ts";
import { useRoute } from "../../../api/queries.ts";
import type { Field } from "../../../ui/fields/field.ts";
import { SelectField } from "../../../ui/fields/fields.tsx";
import { formatPlural } from "../../../ui/text/format.ts";
import { ChevronIcon } from "../../../ui/icons/icons.tsx";
import styles from "../train.module.css";

export interface TemplateFieldProps {
  field: Field<string>;
  /** Name of the embedding; empty while none is chosen. */
  name: string;
  /** A picture of the data set; undefined while there is none. */
  picture: DatasetPicture | undefined;
}

export function TemplateField({ field, name, picture }: TemplateFieldProps): ReactNode {
  const { data } = useRoute("listTemplates", {});
  const templates = data ?? [];
  const [open, setOpen] = useState(false);
  const template = templates.find((one) => one.filename === field.value);
  const lines = template?.lines ?? [];
  const example = lines[0];
  return (
    <div>
      <SelectField
        field={{ ...field, error: field.error ?? templateFault(data, field.value) }}
        options={templates.map((one) => one.filename)}
      />
      {example !== undefined && (
        <div className={styles["template"]}>
          <p className={styles["example"]}>
            <span className={styles["quiet"]}>{picture ? `For ${picture.file}: ` : "For example: "}</span>
            {fillTemplate(example, { name: name || "[name]", filewords: picture?.caption ?? "[filewords]" })}
          </p>
          <UnstyledButton className={styles["linesToggle"] ?? ""} aria-expanded={open} onClick={() => setOpen(!open)}>
            <ChevronIcon turned={open} />
            {open
              ? "Hide its lines"
              : `Show ${lines.length === 1 ? "its line" : `its ${formatPlural(lines.length, "line")}`}`}
          </UnstyledButton>
          {open && (
            <ol className={styles["lines"]} tabIndex={0} aria-label={`Lines of ${field.value}`}>
              {lines.map((line, i) => (
                <li key={`${i} ${line}`}>{line}</li>
              ))}
            </ol>
          )}
        </div>
      )}
    </div>
  );
}

/** Why no training can use the template; undefined if one can, or while the list is not known. */
export function templateFault(
  templates: CallOutput<"listTemplates"> | undefined,
  filename: string,
): string | undefined {
  if (templates === undefined) return undefined;
  const template = templates.find((one) => one.filename === filename);
  if (template === undefined) return `There is no prompt template "${filename}"`;
  if (!template.hasName) return "No line of this template has [name], so a training would learn nothing";
  return template.promptFault ?? undefined;
}
