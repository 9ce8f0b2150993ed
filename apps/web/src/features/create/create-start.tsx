/** @file The button that creates the embedding, and the line that says what will be written. */
import type { LexemeError } from "@lexeme/core";
import type { CreateEmbeddingSettings } from "@lexeme/domain/settings";
import type { Embedding } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { useAction } from "../../api/use-action.ts";
import { call } from "../../api/client.ts";
import { refresh, useEmbeddings } from "../../api/queries.ts";
import { embeddingOfName } from "../../parts/embeddings/embedding-of-name.ts";
import { useFormReading } from "../../parts/form/use-form.ts";
import { createForm } from "../../state/forms.ts";
import { beginWord } from "../../state/training-choice.ts";
import { messageOf } from "../../ui/feedback/message-of.ts";
import { StartBar } from "../../ui/layout/start-bar.tsx";
import { formatPlural } from "../../ui/text/format.ts";
import { useNameTaken } from "./create-settings.tsx";

export function CreateStart({ onCreated }: { onCreated: (embedding: Embedding) => void }): ReactNode {
  const embeddings = useEmbeddings().data ?? [];
  const isTaken = useNameTaken() !== null;
  const { name, numVectorsPerToken, fileFormat, isFaulty } = useFormReading(createForm, ({ values, errors }) => ({
    name: values.name.trim(),
    numVectorsPerToken: values.numVectorsPerToken,
    fileFormat: values.fileFormat,
    isFaulty: Object.keys(errors).length > 0,
  }));
  const isBlocked = isFaulty || isTaken;
  const create = useAction<Embedding, LexemeError, CreateEmbeddingSettings>({
    mutationFn: (settings) => call("createEmbedding", { body: settings }),
    onSuccess: (embedding, sent) => {
      onCreated(embedding);
      beginWord(embedding.name);
      // The form is ready for another embedding; the name just used is taken now. A name that was typed meanwhile stays.
      if (createForm.read().values.name.trim() === sent.name) createForm.reset(["name", "overwriteOld"]);
      void refresh("listEmbeddings");
    },
    onError: createForm.placeError,
  });

  function start(): void {
    // By a second press the form is empty already, or its name is taken by the first.
    if (create.justBegan()) return;
    const settings = createForm.submit();
    if (settings !== null && !isBlocked) create.mutate(settings);
  }

  const line = ((): string => {
    const placed = create.error?.details?.["field"];
    if (create.isError && typeof placed !== "string") return messageOf(create.error);
    if (name === "") return "Give the embedding a name";
    if (isBlocked) return "Correct the marked fields first";
    const replaced = embeddingOfName(embeddings, name);
    const overwrites =
      replaced === undefined ? "overwrites nothing" : `replaces the existing ${replaced.name}.${replaced.format}`;
    return `Writes ${name}.${fileFormat} with ${formatPlural(numVectorsPerToken, "vector")} · ${overwrites}`;
  })();

  return (
    <StartBar
      label="Create embedding"
      onStart={start}
      busy={create.isPending}
      disabled={isBlocked && name !== ""}
      line={line}
      tone={create.isError ? "problem" : "plain"}
    />
  );
}
