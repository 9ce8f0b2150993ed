/** @file The bin's questions: whether to delete for good, and under which name to restore where another file has the place. */
import { EmbeddingFileNameSchema } from "@lexeme/domain/settings";
import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import type { BinEntry } from "./bin-entries.ts";

export function ConfirmDialog(props: {
  title: string;
  /** The label of the button that deletes. */
  action: string;
  children: ReactNode;
  opened: boolean;
  onClose: () => void;
  onConfirm: () => void;
}): ReactNode {
  const { title, action, children, opened, onClose, onConfirm } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      {children}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button color="red.9" onClick={onConfirm}>
          {action}
        </Button>
      </Group>
    </Modal>
  );
}

/** An entry whose place another file has, the server's sentence about it, and a name that is free. */
export interface TakenPlace {
  entry: BinEntry;
  message: string;
  freeName: string;
}

export function RestoreDialog(props: {
  taken: TakenPlace | null;
  onClose: () => void;
  onRestore: (entry: BinEntry, name: string) => void;
}): ReactNode {
  const { taken, onClose, onRestore } = props;
  return (
    <Modal opened={taken !== null} onClose={onClose} title="Restore under another name">
      {taken === null ? null : (
        <RestoreForm
          key={taken.freeName}
          taken={taken}
          onClose={onClose}
          onRestore={(name) => onRestore(taken.entry, name)}
        />
      )}
    </Modal>
  );
}

function RestoreForm(props: { taken: TakenPlace; onClose: () => void; onRestore: (name: string) => void }): ReactNode {
  const { taken, onClose, onRestore } = props;
  const [name, setName] = useState(taken.freeName);
  const fault = EmbeddingFileNameSchema.safeParse(name).error?.issues[0]?.message;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (fault === undefined) onRestore(name);
  }
  return (
    <form onSubmit={submit}>
      <p>{taken.message}</p>
      <TextInput
        label="Name without ending"
        value={name}
        data-autofocus
        error={fault}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={fault !== undefined}>
          Restore
        </Button>
      </Group>
    </form>
  );
}
