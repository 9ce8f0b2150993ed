/** @file Asks for an embedding's new name. */
import { Button, Group, Modal, TextInput } from "@mantine/core";
import { EmbeddingNameSchema } from "@lexeme/domain/settings";
import type { Embedding } from "@lexeme/protocol";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { messageOf } from "../../../ui/feedback/message-of.ts";
import { call } from "../../../api/client.ts";
import { refresh } from "../../../api/queries.ts";
import { sessionStore, setSession } from "../../../state/session.ts";

interface RenameProps<T> {
  embedding: T;
  onClose: () => void;
}

export function RenameDialog({ embedding, onClose }: RenameProps<Embedding | null>): ReactNode {
  return (
    <Modal opened={embedding !== null} onClose={onClose} title={`Rename “${embedding?.name ?? ""}”`}>
      {embedding === null ? null : <RenameForm embedding={embedding} onClose={onClose} />}
    </Modal>
  );
}

function RenameForm({ embedding: { name, path }, onClose }: RenameProps<Embedding>): ReactNode {
  const [wanted, setWanted] = useState(name);
  const rename = useMutation({
    mutationFn: () => call("renameEmbedding", { params: { name }, body: { name: wanted, path } }),
    onSuccess: (renamed) => {
      if (sessionStore.getState().embedding === name) setSession({ embedding: renamed.name });
      void refresh("listEmbeddings");
      onClose();
    },
  });
  const fault = EmbeddingNameSchema.safeParse(wanted).error?.issues[0]?.message;
  const isBlocked = fault !== undefined || wanted.trim() === name;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isBlocked) rename.mutate();
  }
  return (
    <form onSubmit={submit}>
      <TextInput
        label="New name"
        description="Prompts that use the old name will no longer find it"
        value={wanted}
        data-autofocus
        error={fault ?? (rename.isError ? messageOf(rename.error) : undefined)}
        onChange={(event) => {
          rename.reset();
          setWanted(event.currentTarget.value);
        }}
      />
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={rename.isPending} disabled={isBlocked}>
          Rename
        </Button>
      </Group>
    </form>
  );
}
