/** @file Merges embeddings into a new one. */
import type { LexemeError } from "@lexeme/core";
import { Button, Group, Modal, MultiSelect, Select, Stack } from "@mantine/core";
import { MERGE_METHODS, type MergeMethod } from "@lexeme/domain/settings";
import type { Embedding } from "@lexeme/protocol";
import { useState, type FormEvent, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useAction } from "../../../api/use-action.ts";
import { messageOf } from "../../../ui/feedback/message-of.ts";
import { call } from "../../../api/client.ts";
import { refresh } from "../../../api/queries.ts";
import { notebookAddress } from "../../../parts/embeddings/notebook-address.ts";
import { formatPlural } from "../../../ui/text/format.ts";
import { NumberText } from "../../../ui/fields/number-text.tsx";
import { showDone } from "../../../ui/feedback/toast.ts";
import { freeName, isUsableName, NewNameField } from "./new-name-field.tsx";

const METHODS: Record<MergeMethod, { label: string; what: string }> = {
  average: { label: "Average", what: "Takes the mean of all first vectors, of all second vectors, and so on" },
  weighted: {
    label: "Weighted sum",
    what: "Adds up all first vectors times their weights, then all second vectors, and so on; a negative weight subtracts",
  },
  concatenate: {
    label: "One after the other",
    what: "Keeps every vector; the new word takes as many tokens of a prompt as all of them together",
  },
};

export interface MergeDialogProps {
  embedding: Embedding;
  all: readonly Embedding[];
  opened: boolean;
  onClose: () => void;
}

export function MergeDialog(props: MergeDialogProps): ReactNode {
  const { embedding, opened, onClose } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={`Merge “${embedding.name}” with others`}>
      {opened ? <MergeForm {...props} /> : null}
    </Modal>
  );
}

function MergeForm({ embedding, all, onClose }: MergeDialogProps): ReactNode {
  const fitting = all.filter((one) => one.misfitReason === null && idOf(one) !== idOf(embedding));
  const [chosen, setChosen] = useState<string[]>([]);
  const [method, setMethod] = useState<MergeMethod>("average");
  const [weights, setWeights] = useState<Record<string, number | string>>({});
  const [renamed, setTarget] = useState<{ name: string; overwriteOld: boolean } | null>(null);
  const [, navigate] = useLocation();
  const parts = [embedding, ...fitting.filter((one) => chosen.includes(idOf(one)))];
  const target = renamed ?? {
    name: parts.length < 2 ? "" : freeName(parts.map(({ name }) => name).join("-"), all),
    overwriteOld: false,
  };
  const merge = useAction<Embedding, LexemeError>({
    mutationFn: () =>
      call("mergeEmbeddings", {
        body: {
          ...target,
          method,
          parts: parts.map((one) => ({ name: one.name, path: one.path, weight: Number(weights[idOf(one)] ?? 1) })),
        },
      }),
    onSuccess: (made) => {
      showDone(`“${made.name}” was merged from ${parts.map(({ name }) => `“${name}”`).join(", ")}`);
      onClose();
      void refresh("listEmbeddings").then(() => navigate(notebookAddress(made)));
    },
  });
  const problem = problemOf(parts, method);
  const hasOddWeight = method === "weighted" && parts.some((one) => typeof (weights[idOf(one)] ?? 1) !== "number");
  const refused = merge.isError ? messageOf(merge.error) : undefined;
  const isOfParts = merge.error?.details?.["field"] === "parts";
  function submit(event: FormEvent): void {
    event.preventDefault();
    merge.mutate();
  }
  return (
    <form onSubmit={submit} onChange={() => merge.reset()}>
      <Stack gap="sm">
        <MultiSelect
          label="With"
          placeholder={chosen.length === 0 ? "Choose embeddings" : ""}
          data={fitting.map((one) => ({
            value: idOf(one),
            label: `${one.name} (${formatPlural(one.vectors, "vector")})`,
          }))}
          value={chosen}
          onChange={setChosen}
          searchable
          nothingFoundMessage="No other embedding fits this checkpoint"
          error={problem ?? (isOfParts ? refused : undefined)}
        />
        <Select
          label="Method"
          description={METHODS[method].what}
          data={MERGE_METHODS.map((value) => ({ value, label: METHODS[value].label }))}
          value={method}
          onChange={(value) => setMethod(value ?? "average")}
        />
        {method === "weighted"
          ? parts.map((one) => (
              <NumberText
                key={idOf(one)}
                label={`Weight of ${one.name}`}
                value={weights[idOf(one)] ?? 1}
                min={-10}
                max={10}
                step={0.1}
                error={typeof (weights[idOf(one)] ?? 1) === "number" ? undefined : "A number is needed here"}
                onChange={(value) => setWeights({ ...weights, [idOf(one)]: value })}
              />
            ))
          : null}
        <NewNameField
          value={target}
          all={all}
          error={isOfParts ? undefined : refused}
          onChange={(value) => {
            merge.reset();
            setTarget(value);
          }}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={merge.isPending}
            disabled={parts.length < 2 || problem !== undefined || hasOddWeight || !isUsableName(target, all)}
          >
            Merge
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The reason why the server would refuse this choice, shown while the user chooses. */
function problemOf(parts: readonly Embedding[], method: MergeMethod): string | undefined {
  const [first, ...rest] = parts;
  const odd = rest.find(({ vectors }) => vectors !== first?.vectors);
  if (method === "concatenate" || odd === undefined || first === undefined) return undefined;
  return `“${odd.name}” has ${formatPlural(odd.vectors, "vector")} and “${first.name}” ${first.vectors}: merge them one after the other, or prune one of them first`;
}

function idOf({ path, key }: Embedding): string {
  return `${path}#${key ?? ""}`;
}
