/** @file A prompt's text area: grows as one types, counts tokens, completes embedding names, changes weights with Ctrl+Up and Ctrl+Down. */
import { Group, Text, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { call } from "../../api/client.ts";
import { useEmbeddings } from "../../api/queries.ts";
import type { Field } from "../../state/persistent-form.ts";
import { complete, completionsAt } from "./embedding-completion.ts";
import { CompletionList } from "./completion-list.tsx";
import { WEIGHT_STEP, changeWeight } from "./prompt-weight.ts";
import { replaceText } from "./replace-text.ts";
import classes from "./prompt-editor.module.css";

export interface PromptEditorProps {
  field: Field<string>;
  placeholder?: string;
  minRows?: number;
  /** A1111 reads AND and `<lora:…>` in the positive prompt only. */
  role?: "positive" | "negative";
  /** Small buttons beside the token count. */
  actions?: ReactNode;
}

const TOKENIZE_PAUSE_MS = 200;

export function PromptEditor({ field, placeholder, minRows = 3, role = "positive", actions }: PromptEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const embeddings = useEmbeddings();
  const names = (embeddings.data ?? []).filter((one) => one.misfitReason === null).map((one) => one.name);
  const [caret, setCaret] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const completion = caret === null ? null : completionsAt(field.value, caret, names);
  const afterRender = useRef<[number, number] | null>(null);

  useLayoutEffect(() => {
    if (afterRender.current) area.current?.setSelectionRange(...afterRender.current);
    afterRender.current = null;
  });

  function replace(next: { text: string; start: number; end: number }): void {
    if (!area.current) return;
    if (!replaceText(area.current, next.text)) field.onChange(next.text);
    area.current.setSelectionRange(next.start, next.end);
    afterRender.current = [next.start, next.end];
  }

  function accept(name: string | undefined): void {
    if (name === undefined || completion === null || caret === null) return;
    const done = complete(field.value, caret, { start: completion.start, name });
    replace({ text: done.text, start: done.caret, end: done.caret });
    setCaret(null);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    const vertical = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (vertical !== 0 && (event.ctrlKey || event.metaKey)) {
      const { selectionStart: start, selectionEnd: end } = event.currentTarget;
      replace(changeWeight({ text: field.value, start, end }, vertical * WEIGHT_STEP));
      setCaret(null);
    } else if (completion === null) {
      return;
    } else if (vertical !== 0) {
      setChosen((chosen - vertical + completion.names.length) % completion.names.length);
    } else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") {
      accept(completion.names[chosen]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      setCaret(null);
    } else {
      return;
    }
    event.preventDefault();
  }

  return (
    <div className={classes["editor"]}>
      <Textarea
        ref={area}
        label={field.label}
        labelProps={{ className: classes["label"] }}
        value={field.value}
        error={field.error}
        {...(placeholder === undefined ? {} : { placeholder })}
        autosize
        minRows={minRows}
        maxRows={14}
        spellCheck={false}
        autoComplete="off"
        aria-autocomplete="list"
        aria-controls={completion ? listId : undefined}
        aria-activedescendant={completion ? `${listId}-${chosen}` : undefined}
        onChange={(event) => {
          field.onChange(event.currentTarget.value);
          setCaret(event.currentTarget.selectionStart);
          setChosen(0);
        }}
        onBlur={() => setCaret(null)}
        onKeyDown={onKeyDown}
        classNames={{ input: classes["input"] ?? "" }}
      />
      {actions === undefined ? null : <div className={classes["actions"]}>{actions}</div>}
      <TokenCount
        text={field.value}
        names={names}
        role={role}
        onSeek={(at) => {
          area.current?.focus();
          area.current?.setSelectionRange(at, at + 1);
        }}
      />
      {completion && <CompletionList id={listId} names={completion.names} chosen={chosen} onChoose={accept} />}
    </div>
  );
}

/** `23/75`, and below the text what is odd about it: hints, since A1111 takes any brackets. */
function TokenCount(props: {
  text: string;
  names: string[];
  role: "positive" | "negative";
  onSeek: (at: number) => void;
}): ReactNode {
  const { text, names, role, onSeek } = props;
  const [settled] = useDebouncedValue(text, TOKENIZE_PAUSE_MS);
  const { data } = useQuery({
    queryKey: ["tokenize", role, settled, names],
    queryFn: ({ signal }) => call("tokenize", { body: { text: settled, role } }, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  return (
    <>
      <Text className={classes["count"]} size="xs" c="dimmed" title="Tokens used, and how many fit" aria-live="off">
        {data ? `${data.used}/${data.limit}` : " "}
      </Text>
      {data && settled !== "" && data.hints.length > 0 && (
        <Group gap={4} mt={4}>
          {data.hints.slice(0, 3).map((hint) => (
            <button
              key={`${hint.position} ${hint.message}`}
              type="button"
              className={classes["hint"]}
              onClick={() => onSeek(hint.position)}
            >
              {hint.message}
            </button>
          ))}
        </Group>
      )}
    </>
  );
}
