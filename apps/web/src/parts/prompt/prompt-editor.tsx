/** @file A prompt's text area: colours weights, counts tokens, completes embedding names, and changes weights and order by key. */
import { Textarea } from "@mantine/core";
import { useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useWords } from "../embeddings/embedding-words.ts";
import { useOption } from "../../state/options.ts";
import type { Field } from "../../ui/fields/field.ts";
import { complete, completionsAt } from "./text/embedding-completion.ts";
import { CompletionList } from "./completion-list.tsx";
import { moveElements } from "./text/prompt-elements.ts";
import { PromptHighlight } from "./prompt-highlight.tsx";
import { weightAt } from "./text/prompt-spans.ts";
import { PromptHints, TokenCount, WeightAtCaret } from "./prompt-status.tsx";
import { changeWeight } from "./text/prompt-weight.ts";
import { replaceText } from "./text/replace-text.ts";
import { useTokenized } from "./use-tokenized.ts";
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

export function PromptEditor({ field, placeholder, minRows = 3, role = "positive", actions }: PromptEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const { words: embeddings } = useWords();
  const names = useMemo(
    () => embeddings.filter((one) => one.misfitReason === null).map((one) => one.name),
    [embeddings],
  );
  /** The place where names are completed; null while no names are offered. */
  const [caret, setCaret] = useState<number | null>(null);
  /** The cursor's place; null while the text area is not in use. */
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const weightStep = useOption("keyedit_precision_attention");
  const countsTokens = !useOption("disable_token_counters");
  const { answer, spans } = useTokenized({ text: field.value, role, names });
  const completion = caret === null ? null : completionsAt(field.value, caret, names);
  const highlight = <PromptHighlight area={area} text={field.value} spans={spans} />;
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
    setCursor(next.start);
  }

  function accept(name: string | undefined): void {
    if (name === undefined || completion === null || caret === null) return;
    const done = complete(field.value, caret, { start: completion.start, name });
    replace({ text: done.text, start: done.caret, end: done.caret });
    setCaret(null);
  }

  /** Handles keys that change the text, whether names are offered or not; false for any other key. */
  function edit(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
    const { selectionStart: start, selectionEnd: end } = event.currentTarget;
    const selection = { text: field.value, start, end };
    const vertical = verticalOf(event.key);
    if (vertical !== 0 && (event.ctrlKey || event.metaKey)) {
      replace(changeWeight(selection, vertical * weightStep));
    } else if (isMoveKey(event)) {
      replace(moveElements(selection, event.key === "ArrowLeft" ? -1 : 1));
    } else {
      return false;
    }
    setCaret(null);
    return true;
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // While an input method composes, the keys belong to it.
    if (event.nativeEvent.isComposing) return;
    const vertical = verticalOf(event.key);
    if (edit(event)) {
      event.preventDefault();
      return;
    }
    if (completion === null) return;
    if (vertical !== 0) {
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
        autoComplete="off"
        aria-autocomplete="list"
        aria-controls={completion ? listId : undefined}
        aria-activedescendant={completion ? `${listId}-${chosen}` : undefined}
        inputContainer={(input) => onLayer(highlight, input)}
        onChange={(event) => {
          field.onChange(event.currentTarget.value);
          setCaret(event.currentTarget.selectionStart);
          setCursor(event.currentTarget.selectionStart);
          setChosen(0);
        }}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart)}
        onBlur={() => {
          setCaret(null);
          setCursor(null);
        }}
        onKeyDown={onKeyDown}
        classNames={{ input: classes["input"] ?? "" }}
      />
      <div className={classes["status"]}>
        <WeightAtCaret weight={cursor === null || field.value === "" ? null : weightAt(spans, cursor)} />
        {countsTokens ? <TokenCount answer={answer} length={field.value.length} /> : null}
        {actions}
      </div>
      <PromptHints
        hints={field.value === "" ? [] : (answer?.hints ?? [])}
        onSeek={(position) => {
          area.current?.focus();
          area.current?.setSelectionRange(position, position + 1);
        }}
      />
      {completion && <CompletionList id={listId} names={completion.names} chosen={chosen} onChoose={accept} />}
    </div>
  );
}

function onLayer(layer: ReactNode, input: ReactNode): ReactNode {
  return (
    <div className={classes["box"]}>
      {layer}
      {input}
    </div>
  );
}

/** On a Mac, Alt with an arrow goes from word to word, so Control must be held too. */
function isMoveKey({ key, altKey, ctrlKey, shiftKey, metaKey }: KeyboardEvent): boolean {
  const isMac = navigator.userAgent.includes("Mac OS");
  return altKey && ctrlKey === isMac && !shiftKey && !metaKey && (key === "ArrowLeft" || key === "ArrowRight");
}

function verticalOf(key: string): number {
  return key === "ArrowUp" ? 1 : key === "ArrowDown" ? -1 : 0;
}
