/** @file Form fields that take a binding of a form as it is: label, explanation, value and error come with it. */
import { Checkbox, Select, Textarea, TextInput, type ComboboxItem } from "@mantine/core";
import type { ReactNode } from "react";
import type { Field } from "./field.ts";
import { NumberText } from "./number-text.tsx";

export interface FieldProps<T> {
  field: Field<T>;
  /** In place of the schema's explanation; null shows none. */
  description?: ReactNode;
  disabled?: boolean;
}

function explain<T>(props: FieldProps<T>): ReactNode {
  return props.description === undefined ? props.field.description : props.description;
}

export interface TextFieldProps extends FieldProps<string> {
  placeholder?: string;
  autoFocus?: boolean;
  rightSection?: ReactNode;
  multiline?: boolean;
}

export function TextField(props: TextFieldProps): ReactNode {
  const { field, multiline = false, placeholder, autoFocus = false, rightSection, disabled = false } = props;
  const shared = {
    label: field.label,
    name: field.name,
    description: explain(props),
    value: field.value,
    error: field.error,
    disabled,
    autoComplete: "off",
    spellCheck: false,
    ...(placeholder === undefined ? {} : { placeholder }),
  };
  if (multiline) {
    return (
      <Textarea {...shared} autosize minRows={2} maxRows={10} onChange={(e) => field.onChange(e.currentTarget.value)} />
    );
  }
  return (
    <TextInput
      {...shared}
      data-autofocus={autoFocus}
      rightSection={rightSection}
      onChange={(e) => field.onChange(e.currentTarget.value)}
    />
  );
}

export interface NumberFieldProps extends FieldProps<number> {
  step?: number;
  suffix?: string;
  placeholder?: string;
}

export function NumberField(props: NumberFieldProps): ReactNode {
  const { field, suffix, placeholder, disabled = false } = props;
  const { min, max, isInteger = true } = field;
  const { step = isInteger ? 1 : 0.1 } = props;
  return (
    <NumberText
      label={field.label}
      name={field.name}
      description={explain(props)}
      value={field.value}
      error={field.error}
      disabled={disabled}
      step={step}
      min={min}
      max={max}
      suffix={suffix}
      inputMode={isInteger ? "numeric" : "decimal"}
      {...(placeholder === undefined ? {} : { placeholder })}
      // A text that is no number is handed on too: the schema refuses it with its own sentence.
      onChange={(value) => field.onChange(value as number)}
    />
  );
}

/** The value followed by its fault, for a control that cannot show this value. */
function faultWithValue<T>({ value, error }: Field<T>): string | undefined {
  return error === undefined ? undefined : `“${String(value)}”: ${error}`;
}

export interface DigitsFieldProps extends FieldProps<string | number> {
  rightSection?: ReactNode;
}

/** A whole number of any length as text, because a number field rounds digits that a double does not hold. */
export function DigitsField(props: DigitsFieldProps): ReactNode {
  const { field, disabled = false, rightSection } = props;
  return (
    <TextInput
      label={field.label}
      name={field.name}
      description={explain(props)}
      value={String(field.value)}
      error={field.error}
      disabled={disabled}
      autoComplete="off"
      spellCheck={false}
      inputMode="numeric"
      classNames={{ input: "lx-numbers" }}
      {...(rightSection === undefined ? {} : { rightSection, rightSectionWidth: 64 })}
      onChange={(event) => field.onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        const change = event.key === "ArrowUp" ? 1n : event.key === "ArrowDown" ? -1n : 0n;
        if (change === 0n || !/^-?\d+$/u.test(String(field.value))) return;
        event.preventDefault();
        field.onChange(String(BigInt(field.value) + change));
      }}
    />
  );
}

export interface SelectFieldProps<T extends string> extends FieldProps<T> {
  /** In place of the field's own choices. */
  options?: readonly (T | (ComboboxItem & { value: T }))[];
  placeholder?: string;
}

export function SelectField<T extends string>(props: SelectFieldProps<T>): ReactNode {
  const { field, options = field.choices ?? [], disabled = false, placeholder } = props;
  return (
    <Select
      label={field.label}
      name={field.name}
      description={explain(props)}
      value={field.value === "" ? null : field.value}
      error={field.error}
      disabled={disabled}
      data={withRefused(options, field.value)}
      maxDropdownHeight={320}
      // Names are shown whole, however narrow the field is.
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      styles={{ dropdown: { minWidth: 160, maxWidth: "calc(100vw - 24px)" } }}
      {...(placeholder === undefined ? {} : { placeholder })}
      onChange={(value) => {
        if (value !== null) field.onChange(value as T);
      }}
    />
  );
}

/** The options, after them a value that is none of them: it came from elsewhere, is seen, and cannot be chosen again. */
function withRefused(options: readonly (string | ComboboxItem)[], value: string): readonly (string | ComboboxItem)[] {
  const isOffered = options.some((option) => (typeof option === "string" ? option : option.value) === value);
  return isOffered || value === "" ? options : [...options, { value, label: `${value} (not here)`, disabled: true }];
}

export type CheckFieldProps = FieldProps<boolean>;

export function CheckField(props: CheckFieldProps): ReactNode {
  const { field, disabled = false } = props;
  // A value that was not typed here can have any type.
  const value: unknown = field.value;
  return (
    <Checkbox
      label={field.label}
      name={field.name}
      description={explain(props)}
      checked={value === true}
      error={typeof value === "boolean" ? field.error : faultWithValue(field)}
      disabled={disabled}
      onChange={(e) => field.onChange(e.currentTarget.checked)}
    />
  );
}
