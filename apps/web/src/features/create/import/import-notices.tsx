/** @file What became of the embeddings that were dropped: those that are words now, those that were refused, and the question about a taken name. */
import { Button, Group, Modal, TextInput } from "@mantine/core";
import { EmbeddingNameSchema } from "@lexeme/domain/settings";
import { useState, type FormEvent, type ReactNode } from "react";
import { useEmbeddings } from "../../../api/queries.ts";
import { embeddingOfName } from "../../../parts/embeddings/embedding-of-name.ts";
import { Notice } from "../../../ui/feedback/notice.tsx";
import type { EmbeddingImport, NameClash } from "./use-embedding-import.ts";

export function ImportNotices({ imported }: { imported: EmbeddingImport }): ReactNode {
  const embeddings = useEmbeddings().data;
  const { refused, clash, answer } = imported;
  // A word that was deleted since is no news any more.
  const added = imported.added.filter(
    ({ path }) => embeddings === undefined || embeddings.some((one) => one.path === path),
  );
  return (
    <>
      {added.length === 0 ? null : (
        <Notice tone="good">
          Added {added.map(({ name }) => `“${name}”`).join(", ")}: {added.length === 1 ? "it works" : "they work"} in
          prompts at once.
        </Notice>
      )}
      {refused.map(({ file, reason }) => (
        <Notice key={file} tone="warning">
          <b>{file}</b> was not added. {reason}
        </Notice>
      ))}
      <Modal opened={clash !== null} onClose={() => answer(null)} title={`“${clash?.name ?? ""}” exists already`}>
        {clash === null ? null : <ClashForm key={clash.file.name} clash={clash} onAnswer={answer} />}
      </Modal>
    </>
  );
}

function ClashForm({ clash, onAnswer }: { clash: NameClash; onAnswer: EmbeddingImport["answer"] }): ReactNode {
  const embeddings = useEmbeddings().data ?? [];
  const [name, setName] = useState(() => freeName(clash.name, (one) => embeddingOfName(embeddings, one) !== undefined));
  const fault =
    EmbeddingNameSchema.safeParse(name).error?.issues[0]?.message ??
    (embeddingOfName(embeddings, name) === undefined ? undefined : `“${name.trim()}” exists already`);
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (fault === undefined) onAnswer({ name: name.trim() });
  }
  return (
    <form onSubmit={submit}>
      <TextInput
        label={`Name for ${clash.file.name}`}
        description="Or replace the embedding that exists; its file goes to the bin"
        value={name}
        error={fault}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={() => onAnswer(null)}>
          Leave it out
        </Button>
        <Button variant="default" onClick={() => onAnswer({ overwriteOld: true })}>
          Replace
        </Button>
        <Button type="submit" disabled={fault !== undefined}>
          Add under this name
        </Button>
      </Group>
    </form>
  );
}

/** `mira-2` and so on. */
function freeName(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let number = 2; isTaken(free); number++) free = `${name}-${number}`;
  return free;
}
