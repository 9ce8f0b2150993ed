/** @file A size in pixels that says what it is rounded down to. */
import { effectiveSize } from "@lexeme/domain/settings";
import type { ReactNode } from "react";
import { NumberField, type FieldProps } from "../../ui/fields/fields.tsx";

export function SizeField(props: FieldProps<number>): ReactNode {
  const { field } = props;
  const used = effectiveSize(field.value);
  const rounded = Number.isFinite(used) && used !== field.value && field.error === undefined;
  return (
    <NumberField
      {...props}
      step={8}
      description={
        rounded ? (
          <span style={{ color: "var(--lx-warning)" }}>Rounded down to {used}</span>
        ) : (
          (props.description ?? null)
        )
      }
    />
  );
}
