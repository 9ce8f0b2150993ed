/** @file The dialog in which styles are made, changed, renamed and deleted. */
import { Button, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { LexemeError } from "@lexeme/core";
import { PromptStyleSchema, type PromptStyle } from "@lexeme/domain/styles";
import { useState, type FormEvent, type ReactNode } from "react";
import { messageOf } from "../../../ui/feedback/message-of.ts";
import { Notice } from "../../../ui/feedback/notice.tsx";
import { showDone } from "../../../ui/feedback/toast.ts";
import styles from "./styles-field.module.css";
import type { StyleActions } from "./use-styles.ts";

/** The style that the dialog begins with; a new style if it has no name. */
export interface EditedStyle {
  name: string | null;
  prompt: string;
  negativePrompt: string;
}

export interface StyleEditorProps {
  /** Null while the dialog is closed. */
  edited: EditedStyle | null;
  onEdit: (edited: EditedStyle | null) => void;
  actions: StyleActions;
  /** The tab's own prompts. */
  prompts: () => Pick<EditedStyle, "prompt" | "negativePrompt">;
  onRename: (from: string, to: string) => void;
  onRemove: (name: string) => void;
}

const NEW = "";

export function StyleEditor(props: StyleEditorProps): ReactNode {
  const { edited, onEdit } = props;
  return (
    <Modal opened={edited !== null} onClose={() => onEdit(null)} title="Styles" size="lg">
      {edited === null ? null : <Editor key={edited.name ?? NEW} {...props} edited={edited} />}
    </Modal>
  );
}

function Editor(props: StyleEditorProps & { edited: EditedStyle }): ReactNode {
  const { edited, onEdit, actions, prompts, onRename, onRemove } = props;
  const { list } = actions;
  const [style, setStyle] = useState<PromptStyle>({ ...edited, name: edited.name ?? "" });
  const [problem, setProblem] = useState<{ field: unknown; message: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const known = list?.styles ?? [];
  const isNew = edited.name === null;
  const replaces = isNew && known.some(({ name }) => name === style.name.trim());
  const fault = PromptStyleSchema.shape.name.safeParse(style.name).error?.issues[0]?.message;

  function edit(change: Partial<PromptStyle>): void {
    setStyle({ ...style, ...change });
    setProblem(null);
  }

  async function run(action: () => Promise<void>): Promise<void> {
    setBusy(true);
    try {
      await action();
    } catch (error) {
      const field = error instanceof LexemeError ? error.details?.["field"] : undefined;
      setProblem({ field, message: messageOf(error) });
    } finally {
      setBusy(false);
    }
  }

  function save(event: FormEvent): void {
    event.preventDefault();
    const saved = { ...style, name: style.name.trim() };
    void run(async () => {
      await actions.save(saved, edited.name ?? undefined);
      if (edited.name !== null && edited.name !== saved.name) onRename(edited.name, saved.name);
      showDone(`Saved the style “${saved.name}”`);
      onEdit(null);
    });
  }

  function remove(name: string): void {
    void run(async () => {
      await actions.remove(name);
      onRemove(name);
      onEdit(null);
    });
  }

  return (
    <form className={styles["fields"]} onSubmit={save}>
      {list?.fault == null ? null : <Notice tone="failure">{list.fault}</Notice>}
      {problem === null || problem.field === "name" ? null : <Notice tone="failure">{problem.message}</Notice>}
      <Select
        label="Style"
        data={[{ value: NEW, label: "New style" }, ...known.map(({ name }) => ({ value: name, label: name }))]}
        value={edited.name ?? NEW}
        onChange={(name) => {
          const found = known.find((one) => one.name === name);
          onEdit(found ?? { name: null, prompt: "", negativePrompt: "" });
        }}
      />
      <TextInput
        label="Name"
        value={style.name}
        data-autofocus
        autoComplete="off"
        error={style.name === "" ? undefined : (fault ?? (problem?.field === "name" ? problem.message : undefined))}
        description={replaces ? "There is a style of this name; saving replaces it" : undefined}
        onChange={(event) => edit({ name: event.currentTarget.value })}
      />
      <Textarea
        label="Prompt"
        description="The tab's prompt replaces {prompt}; without {prompt} the style is added behind it"
        value={style.prompt}
        autosize
        minRows={2}
        maxRows={10}
        spellCheck={false}
        onChange={(event) => edit({ prompt: event.currentTarget.value })}
      />
      <Textarea
        label="Negative prompt"
        value={style.negativePrompt}
        autosize
        minRows={2}
        maxRows={10}
        spellCheck={false}
        onChange={(event) => edit({ negativePrompt: event.currentTarget.value })}
      />
      <p className={styles["facts"]}>
        The styles are kept in {list?.path ?? "styles.csv"}, in A1111&apos;s format. {list?.notes.join(". ")}
      </p>
      <div className={styles["buttons"]}>
        {edited.name === null ? null : (
          <Button
            className={styles["delete"] ?? ""}
            variant="subtle"
            color="red"
            c="var(--mantine-color-error)"
            disabled={busy}
            onClick={() => remove(edited.name ?? "")}
          >
            Delete
          </Button>
        )}
        <Button variant="default" onClick={() => edit(prompts())}>
          Use the tab&apos;s prompts
        </Button>
        <Button type="submit" loading={busy} disabled={fault !== undefined || list?.fault != null}>
          Save
        </Button>
      </div>
    </form>
  );
}
