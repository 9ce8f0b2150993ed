/** @file The settings column of Create Embedding: A1111's four fields, and the file's format in a fold. */
import { WRITTEN_FORMATS } from "@lexeme/domain/libraries";
import type { CreateEmbeddingSettingsSchema } from "@lexeme/domain/settings";
import type { Embedding } from "@lexeme/protocol";
import { memo, type ReactNode } from "react";
import { useEmbeddings } from "../../api/queries.ts";
import { embeddingOfName } from "../../parts/embeddings/embedding-of-name.ts";
import { FormCheck, FormFold, FormNumber, FormSelect, FormText } from "../../parts/form/form-fields.tsx";
import { useField, useFormValues } from "../../parts/form/use-form.ts";
import type { FormValues } from "../../state/form-store.ts";
import { createForm } from "../../state/forms.ts";
import { TextField } from "../../ui/fields/fields.tsx";
import styles from "./create.module.css";
import { InitTokens } from "./init-tokens.tsx";
import { useCommonWord } from "./use-common-word.ts";

export const CreateSettings = memo(function CreateSettings(): ReactNode {
  return (
    <>
      <Name />
      <div>
        <FormText form={createForm} name="initText" />
        <Tokens />
      </div>
      <FormNumber form={createForm} name="numVectorsPerToken" />
      <FormCheck
        form={createForm}
        name="overwriteOld"
        description="Replaces an embedding of this name; the new one is not trained yet"
      />
      <FormFold form={createForm} names={["fileFormat"]} storageKey="create">
        <FormSelect
          form={createForm}
          name="fileFormat"
          description="A1111 writes .pt; both formats can be downloaded later"
          options={WRITTEN_FORMATS.map((format) => ({ value: format, label: `.${format}` }))}
        />
      </FormFold>
    </>
  );
});

function Tokens(): ReactNode {
  const { text, vectors } = useFormValues(createForm, ({ initText, numVectorsPerToken }) => ({
    text: initText,
    vectors: numVectorsPerToken,
  }));
  return <InitTokens text={text} vectors={vectors} />;
}

function Name(): ReactNode {
  const field = useField(createForm, "name");
  const taken = useNameTaken();
  const error =
    field.error ??
    (taken === null
      ? undefined
      : `“${field.value.trim()}” exists already; choose another name, or tick “Overwrite old embedding”`);
  const common = useCommonWord(field.value);
  return (
    <TextField
      field={{ ...field, error }}
      placeholder="mira"
      {...(common && error === undefined ? { description: <CommonWordWarning name={field.value.trim()} /> } : {})}
    />
  );
}

function CommonWordWarning({ name }: { name: string }): ReactNode {
  return (
    <span className={styles["warning"]}>
      The model knows “{name}” already: every prompt with {name.includes(" ") ? "these words" : "this word"} will use
      the embedding in its place. A made-up name leaves the word as it is.
    </span>
  );
}

/** The embedding that has the name already, and may not be replaced; null while there is none. */
export function useNameTaken(): Embedding | null {
  const embeddings = useEmbeddings().data ?? [];
  const { name, overwriteOld } = useFormValues(createForm, nameAndPermission);
  return overwriteOld ? null : (embeddingOfName(embeddings, name) ?? null);
}

function nameAndPermission({ name, overwriteOld }: FormValues<typeof CreateEmbeddingSettingsSchema>) {
  return { name, overwriteOld };
}
