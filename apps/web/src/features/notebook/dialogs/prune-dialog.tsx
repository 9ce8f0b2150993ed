/** @file Keeps some vectors of an embedding as a new embedding. */
import type { LexemeError } from "@lexeme/core";
import { Button, Group, Modal, Stack } from "@mantine/core";
import type { Embedding } from "@lexeme/protocol";
import { useState, type FormEvent, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useAction } from "../../../api/use-action.ts";
import { messageOf } from "../../../ui/feedback/message-of.ts";
import { call } from "../../../api/client.ts";
import { refresh } from "../../../api/queries.ts";
import { notebookAddress } from "../../../parts/embeddings/notebook-address.ts";
import { formatPlural } from "../../../ui/text/format.ts";
import { showDone } from "../../../ui/feedback/toast.ts";
import { freeName, isUsableName, NewNameField } from "./new-name-field.tsx";

export interface PruneDialogProps {
  embedding: Embedding;
  /** Numbers of the kept vectors from 0, in the order of the new embedding. */
  keep: readonly number[];
  all: readonly Embedding[];
  opened: boolean;
  onClose: () => void;
}

export function PruneDialog(props: PruneDialogProps): ReactNode {
  const { embedding, keep, opened, onClose } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Keep ${formatPlural(keep.length, "vector")} of “${embedding.name}”`}
    >
      {opened ? <PruneForm {...props} /> : null}
    </Modal>
  );
}

function PruneForm({ embedding, keep, all, onClose }: PruneDialogProps): ReactNode {
  const { name, path } = embedding;
  const [target, setTarget] = useState({ name: freeName(`${name}-pruned`, all), overwriteOld: false });
  const [, navigate] = useLocation();
  const prune = useAction<Embedding, LexemeError>({
    mutationFn: () => call("pruneEmbedding", { params: { name }, body: { ...target, path, keep: [...keep] } }),
    onSuccess: (made) => {
      showDone(`“${made.name}” holds ${formatPlural(made.vectors, "vector")} of “${name}”`);
      onClose();
      void refresh("listEmbeddings").then(() => navigate(notebookAddress(made)));
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    prune.mutate();
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <p style={{ margin: 0 }}>
          {keep.length === embedding.vectors
            ? "Saves all of its vectors under another word."
            : `Saves ${keep.length === 1 ? "vector" : "vectors"} ${keep.map((row) => row + 1).join(", ")} under another word.`}{" "}
          “{name}” stays as it is.
        </p>
        <NewNameField
          value={target}
          all={all}
          error={prune.isError ? messageOf(prune.error) : undefined}
          onChange={(value) => {
            prune.reset();
            setTarget(value);
          }}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={prune.isPending} disabled={!isUsableName(target, all)}>
            Keep
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
