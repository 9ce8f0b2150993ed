/** @file The prompt editor for a form's field, which is given by name. */
import type { ReactNode } from "react";
import type { z } from "zod";
import type { FormStore } from "../../state/form-store.ts";
import { useFieldOfType, type FieldName } from "../form/use-form.ts";
import { PromptEditor, type PromptEditorProps } from "./prompt-editor.tsx";

export function FormPrompt<S extends z.ZodObject>(
  props: Omit<PromptEditorProps, "field"> & { form: FormStore<S>; name: FieldName<S, string> },
): ReactNode {
  const { form, name, ...rest } = props;
  return <PromptEditor {...rest} field={useFieldOfType<S, string>(form, name)} />;
}
