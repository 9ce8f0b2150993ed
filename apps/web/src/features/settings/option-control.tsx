/** @file The control of one option, chosen by its schema; the checkpoint and the VAE are chosen from their lists. */
import { AUTOMATIC_VAE, OWN_VAE } from "@lexeme/domain/settings";
import { Select, Switch, TextInput, type ComboboxItem } from "@mantine/core";
import type { OptionName } from "@lexeme/domain/options";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { z } from "zod";
import { useCheckpoints, useVaes } from "../../api/queries.ts";
import { issueSentence } from "../../state/field-checks.ts";
import { NumberText } from "../../ui/fields/number-text.tsx";
import { optionKind, type OptionKind } from "./option-kind.ts";
import type { OptionEntry } from "./option-search.ts";

export interface OptionControlProps {
  entry: OptionEntry;
  value: unknown;
  /** The server's error for the value. */
  error: string | undefined;
  disabled: boolean;
  /** Told whenever the field begins or ceases to hold a text that was refused. */
  onRefused: (name: OptionName, isRefused: boolean) => void;
  /** Rises with every reset, which takes refused drafts away too. */
  resets: number;
  /** Resolves with true once the value is saved. */
  onChange: (value: unknown) => Promise<boolean>;
  /** Ids of the elements that name and explain the control. */
  labelledBy: string;
  describedBy: string;
}

/** A typed value is saved after a pause, and at once when the field is left. */
const TYPING_PAUSE_MS = 700;

export function OptionControl(props: OptionControlProps): ReactNode {
  const { entry, value, error, disabled, onChange, labelledBy, describedBy } = props;
  const aria = { "aria-labelledby": labelledBy, "aria-describedby": describedBy, disabled };
  const files = useFileChoices(entry.name);
  const kind = files === null ? optionKind(entry.schema) : ({ kind: "choice", choices: files } as const);
  switch (kind.kind) {
    case "choice":
      return (
        <Select
          {...aria}
          data={kind.choices}
          value={String(value)}
          error={error}
          comboboxProps={{ position: "bottom-end" }}
          onChange={(next) => {
            if (next !== null) void onChange(next);
          }}
        />
      );
    case "switch":
      return (
        <Switch
          {...aria}
          checked={value === true}
          error={error}
          onChange={(event) => void onChange(event.currentTarget.checked)}
        />
      );
    case "number":
    case "text":
      return <TypedControl {...props} kind={kind} aria={aria} />;
  }
}

function TypedControl(
  props: OptionControlProps & {
    kind: Extract<OptionKind, { kind: "number" } | { kind: "text" }>;
    aria: Record<string, unknown>;
  },
): ReactNode {
  const { entry, kind, aria, error } = props;
  const { shown, fault, edit, flush } = useDraft(props);
  const shared = {
    ...aria,
    error: fault ?? error,
    onBlur: flush,
    onKeyDown: (event: React.KeyboardEvent) => {
      if (event.key === "Enter") flush();
    },
  };
  if (kind.kind === "text") {
    return (
      <TextInput
        {...shared}
        value={String(shown)}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => edit(event.currentTarget.value)}
      />
    );
  }
  return (
    <NumberText
      {...shared}
      value={shown}
      step={kind.step}
      min={kind.min}
      max={kind.max}
      suffix={entry.unit}
      inputMode={kind.isInteger ? "numeric" : "decimal"}
      onChange={edit}
    />
  );
}

/** The typed value until it is saved. A draft that its schema refuses stays, with the reason, and is not sent. */
function useDraft({ entry, value, error, resets, onRefused, onChange }: OptionControlProps) {
  const [kept, setDraft] = useState<{ value: unknown; resets: number } | null>(null);
  // A draft from before a reset counts no longer.
  const draft = kept?.resets === resets ? kept : null;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const fault = draft === null ? undefined : faultOf(entry.schema, draft.value);
  const { name } = entry;
  const isRefused = fault !== undefined || (draft !== null && error !== undefined);
  useEffect(() => {
    onRefused(name, isRefused);
    return () => onRefused(name, false);
  }, [name, isRefused, onRefused]);

  async function save(next: unknown): Promise<void> {
    clearTimeout(timer.current);
    if (faultOf(entry.schema, next) !== undefined) return;
    // A value that was typed meanwhile is another draft.
    if (next === value || (await onChange(next))) setDraft((now) => (now?.value === next ? null : now));
  }

  function edit(next: unknown): void {
    setDraft({ value: next, resets });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save(next), TYPING_PAUSE_MS);
  }

  function flush(): void {
    if (draft !== null) void save(draft.value);
  }

  // A user who leaves the page has finished typing.
  const leave = useRef(flush);
  useEffect(() => {
    leave.current = flush;
  });
  useEffect(() => () => leave.current(), []);
  return { shown: draft === null ? value : draft.value, fault, edit, flush };
}

function faultOf(schema: z.ZodType, value: unknown): string | undefined {
  const issue = schema.safeParse(value).error?.issues[0];
  return issue && issueSentence(issue);
}

/** The choices of an option whose values are names of files; null for other options. */
function useFileChoices(name: OptionName): ComboboxItem[] | null {
  const checkpoints = useCheckpoints().data ?? [];
  const vaes = useVaes().data ?? [];
  if (name === "sd_model_checkpoint") {
    return checkpoints.map((one) => ({
      value: one.name,
      label: one.name,
      disabled: one.unsupportedReason !== null,
    }));
  }
  if (name === "sd_vae") {
    return [AUTOMATIC_VAE, OWN_VAE, ...vaes.map((one) => one.name)].map((value) => ({ value, label: value }));
  }
  return null;
}
