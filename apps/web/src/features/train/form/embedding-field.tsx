/** @file The embedding to train; embeddings that do not fit the checkpoint are greyed and show the reason. */
import { Anchor, Select, Text } from "@mantine/core";
import type { Embedding } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useWords } from "../../../parts/embeddings/embedding-words.ts";
import type { Field } from "../../../ui/fields/field.ts";
import { asSentence, formatPlural } from "../../../ui/text/format.ts";

export function EmbeddingField({ field }: { field: Field<string> }): ReactNode {
  const { words: embeddings, isKnown } = useWords();
  const chosen = embeddings.find((one) => one.name === field.value);
  const missing = isKnown && field.value !== "" && chosen === undefined;
  const fault = missing ? `There is no embedding "${field.value}" any more` : reasonOf(chosen);
  return (
    <Select
      label={field.label}
      name={field.name}
      value={chosen?.name ?? null}
      placeholder={embeddings.length === 0 ? "No embeddings yet" : "Choose an embedding"}
      nothingFoundMessage="No embedding of that name"
      error={field.error ?? fault}
      description={
        isKnown && embeddings.length === 0 ? (
          <>
            Make one first:{" "}
            <Anchor component={Link} href="/create" size="xs">
              Create Embedding
            </Anchor>
          </>
        ) : (
          chosen && describeEmbedding(chosen)
        )
      }
      // Embeddings that can be trained come first.
      data={embeddings
        .toSorted((a, b) => Number(a.misfitReason !== null) - Number(b.misfitReason !== null))
        .map((one) => ({ value: one.name, label: one.name, disabled: one.misfitReason !== null }))}
      renderOption={({ option }) => {
        const embedding = embeddings.find((one) => one.name === option.value);
        return (
          <div style={{ minWidth: 0, flex: 1 }}>
            <div className="lx-clip">{option.label}</div>
            <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {reasonOf(embedding) ?? (embedding && describeEmbedding(embedding))}
            </Text>
          </div>
        );
      }}
      onChange={(name) => name !== null && field.onChange(name)}
    />
  );
}

/** Why the embedding cannot be trained; undefined if it can. */
function reasonOf(embedding: Embedding | undefined): string | undefined {
  const reason = embedding?.misfitReason ?? null;
  return reason === null ? undefined : asSentence(reason);
}

/** "4 vectors · trained for 500 steps" */
function describeEmbedding(embedding: Embedding): string {
  const trained =
    embedding.step === null || embedding.step === 0
      ? "not trained yet"
      : `trained for ${formatPlural(embedding.step, "step")}`;
  return `${formatPlural(embedding.vectors, "vector")} · ${trained}`;
}
