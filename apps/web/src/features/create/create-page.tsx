/** @file The tab Create Embedding: four fields as in A1111, and beside them the words there are. */
import type { LexemeError } from "@lexeme/core";
import { Button } from "@mantine/core";
import { CreateEmbeddingSettingsSchema, type CreateEmbeddingSettings } from "@lexeme/domain/settings";
import type { Embedding } from "@lexeme/protocol";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { messageOf } from "../../ui/feedback/message-of.ts";
import { call } from "../../api/client.ts";
import { refresh, useEmbeddings, useSystem } from "../../api/queries.ts";
import { preprocessForm, trainForm } from "../../state/forms.ts";
import type { Field } from "../../ui/fields/field.ts";
import { usePersistentForm } from "../../parts/form/persistent-form.ts";
import { setSession } from "../../state/session.ts";
import { AdvancedFold } from "../../ui/layout/advanced-fold.tsx";
import { CheckField, NumberField, SelectField, TextField } from "../../ui/fields/fields.tsx";
import { joinPath } from "../../ui/text/folder-path.ts";
import { formatPlural } from "../../ui/text/format.ts";
import { Notice } from "../../ui/feedback/notice.tsx";
import { StartBar } from "../../ui/layout/start-bar.tsx";
import { TabLayout } from "../../ui/layout/tab-layout.tsx";
import { EmbeddingList } from "./list/embedding-list.tsx";
import { InitTokens } from "./init-tokens.tsx";

export function CreatePage(): ReactNode {
  const [, navigate] = useLocation();
  const form = usePersistentForm(CreateEmbeddingSettingsSchema, "create");
  const embeddings = useEmbeddings().data ?? [];
  const system = useSystem().data;
  const [created, setCreated] = useState<Embedding | null>(null);
  const create = useMutation<Embedding, LexemeError, CreateEmbeddingSettings>({
    mutationFn: (settings) => call("createEmbedding", { body: settings }),
    onSuccess: (embedding) => {
      setCreated(embedding);
      setSession({ embedding: embedding.name });
      trainForm.patch({ embeddingName: embedding.name });
      // Ready for another; the name just used is taken now.
      form.reset(["name", "overwriteOld"]);
      void refresh("listEmbeddings");
    },
    onError: form.placeError,
  });

  const { name, overwriteOld, numVectorsPerToken, fileFormat } = form.values;
  const taken = embeddings.find((one) => one.name.toLowerCase() === name.trim().toLowerCase());
  const nameField = withNameTaken(form.field("name"), taken !== undefined && !overwriteOld);
  const blocked = form.settings === null || nameField.error !== undefined;

  function start(): void {
    const settings = form.submit();
    if (settings !== null && !blocked) create.mutate(settings);
  }

  function goToPreprocess(): void {
    if (created !== null && system !== undefined) {
      preprocessForm.patch({ processDst: joinPath(system.folders.datasets, created.name) });
    }
    navigate("/preprocess");
  }

  const line = ((): string => {
    const placed = create.error?.details?.["field"];
    if (create.isError && typeof placed !== "string") return messageOf(create.error);
    if (name.trim() === "") return "Give the embedding a name";
    if (blocked) return "Fix the fields marked above";
    const file = `${name.trim()}.${fileFormat}`;
    return `Writes ${file} with ${formatPlural(numVectorsPerToken, "vector")} · ${taken === undefined ? "overwrites nothing" : `replaces the ${taken.name}.${taken.format} there is`}`;
  })();

  return (
    <TabLayout
      title="Create Embedding"
      settings={
        <>
          <TextField field={nameField} placeholder="mira" />
          <div>
            <TextField field={form.field("initText")} />
            <InitTokens text={form.values.initText} vectors={numVectorsPerToken} />
          </div>
          <NumberField field={form.field("numVectorsPerToken")} min={1} max={75} />
          <CheckField
            field={form.field("overwriteOld")}
            description="Replaces an embedding of this name, which begins anew"
          />
          <AdvancedFold
            storageKey="create"
            changed={form.changedAmong(["fileFormat"])}
            onReset={() => form.reset(["fileFormat"])}
          >
            <SelectField
              field={form.field("fileFormat")}
              description=".pt is what A1111 writes; both can be downloaded later"
              options={[
                { value: "pt", label: ".pt" },
                { value: "safetensors", label: ".safetensors" },
              ]}
            />
          </AdvancedFold>
        </>
      }
      start={
        <StartBar
          label="Create embedding"
          onStart={start}
          busy={create.isPending}
          disabled={blocked && name.trim() !== ""}
          line={line}
          tone={create.isError ? "problem" : "plain"}
        />
      }
    >
      {created === null ? null : (
        <Notice tone="good" action={<Button onClick={goToPreprocess}>Next: Preprocess</Button>}>
          <b>{created.name}</b> is a word now. Give it pictures to learn from.
        </Notice>
      )}
      <EmbeddingList highlight={created?.name ?? null} />
    </TabLayout>
  );
}

function withNameTaken(field: Field<string>, taken: boolean): Field<string> {
  if (!taken || field.error !== undefined) return field;
  return {
    ...field,
    error: `“${field.value.trim()}” exists already; choose another name, or tick “Overwrite old embedding”`,
  };
}
