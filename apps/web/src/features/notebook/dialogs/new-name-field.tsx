/** @file The name of an embedding that is made of others; if the name is taken, a tick must allow the replacement. */
import { Checkbox, TextInput } from "@mantine/core";
import { EmbeddingNameSchema } from "@lexeme/domain/settings";
import type { Embedding } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { embeddingOfName } from "../../../parts/embeddings/embedding-of-name.ts";

export interface NewName {
  name: string;
  overwriteOld: boolean;
}

export interface NewNameFieldProps {
  value: NewName;
  onChange: (value: NewName) => void;
  all: readonly Embedding[];
  /** The server's error for this name. */
  error?: string | undefined;
}

export function NewNameField({ value, onChange, all, error }: NewNameFieldProps): ReactNode {
  const taken = embeddingOfName(all, value.name);
  return (
    <>
      <TextInput
        label="New name"
        description="The word that will call it in a prompt"
        value={value.name}
        error={error ?? faultOfName(value.name)}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        onChange={(event) => onChange({ name: event.currentTarget.value, overwriteOld: false })}
      />
      {taken === undefined ? null : (
        <Checkbox
          label="Overwrite old embedding"
          description={`“${taken.name}” exists already and will be moved to the bin`}
          checked={value.overwriteOld}
          onChange={(event) => onChange({ ...value, overwriteOld: event.currentTarget.checked })}
        />
      )}
    </>
  );
}

/** Whether the form can be sent. */
export function isUsableName({ name, overwriteOld }: NewName, all: readonly Embedding[]): boolean {
  if (!EmbeddingNameSchema.safeParse(name).success) return false;
  return overwriteOld || embeddingOfName(all, name) === undefined;
}

/** A first proposal: a name that no embedding has. */
export function freeName(wanted: string, all: readonly Embedding[]): string {
  const base = wanted.replaceAll(/[^\p{L}\p{M}\p{N}._\- ]+/gu, "-");
  let name = base;
  for (let number = 2; embeddingOfName(all, name) !== undefined; number++) name = `${base}-${number}`;
  return name;
}

function faultOfName(name: string): string | undefined {
  return name === "" ? undefined : EmbeddingNameSchema.safeParse(name).error?.issues[0]?.message;
}
