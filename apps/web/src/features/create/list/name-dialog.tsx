/** @file Asks for an embedding's new name, or for the name of a copy. */
import { Button, Group, Modal, TextInput } from "@mantine/core";
import { EmbeddingNameSchema } from "@lexeme/domain/settings";
import type { Embedding } from "@lexeme/protocol";
import { useState, type FormEvent, type ReactNode } from "react";
import { useAction } from "../../../api/use-action.ts";
import { messageOf } from "../../../ui/feedback/message-of.ts";
import { call } from "../../../api/client.ts";
import { refresh } from "../../../api/queries.ts";
import { renameForTraining } from "../../../state/training-choice.ts";

export interface Naming {
  embedding: Embedding;
  action: "rename" | "copy";
}

const WORDS = {
  rename: { title: "Rename", description: "Prompts that use the old name will no longer find it", button: "Rename" },
  copy: { title: "Copy", description: "The copy has the same vectors and steps", button: "Copy" },
} as const;

interface NameProps<T> {
  naming: T;
  onClose: () => void;
}

export function NameDialog({ naming, onClose }: NameProps<Naming | null>): ReactNode {
  const title = naming === null ? "" : `${WORDS[naming.action].title} “${naming.embedding.name}”`;
  return (
    <Modal opened={naming !== null} onClose={onClose} title={title}>
      {naming === null ? null : <NameForm naming={naming} onClose={onClose} />}
    </Modal>
  );
}

function NameForm({ naming: { embedding, action }, onClose }: NameProps<Naming>): ReactNode {
  const { name, path } = embedding;
  const [wanted, setWanted] = useState(action === "rename" ? name : `${name}-copy`);
  const naming = useAction({
    mutationFn: () =>
      call(action === "rename" ? "renameEmbedding" : "copyEmbedding", {
        params: { name },
        body: { name: wanted, path },
      }),
    onSuccess: (named) => {
      if (action === "rename") renameForTraining(name, named.name);
      void refresh("listEmbeddings");
      onClose();
    },
  });
  const fault = EmbeddingNameSchema.safeParse(wanted).error?.issues[0]?.message;
  const isBlocked = fault !== undefined || wanted.trim() === name;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isBlocked) naming.mutate();
  }
  return (
    <form onSubmit={submit}>
      <TextInput
        label="New name"
        description={WORDS[action].description}
        value={wanted}
        data-autofocus
        error={fault ?? (naming.isError ? messageOf(naming.error) : undefined)}
        onChange={(event) => {
          naming.reset();
          setWanted(event.currentTarget.value);
        }}
      />
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={naming.isPending} disabled={isBlocked}>
          {WORDS[action].button}
        </Button>
      </Group>
    </form>
  );
}
