/** @file The parts of an infotext that are missing here, each with the values that can replace it. */
import { CloseButton, Select } from "@mantine/core";
import type { ReactNode } from "react";
import type { InfotextNote, NoteField } from "./infotext-note.ts";
import styles from "./infotext-notes.module.css";

export interface InfotextNotesProps {
  notes: readonly InfotextNote[];
  /** The value in the field of a note. */
  valueOf: (field: NoteField) => unknown;
  onChoose: (field: NoteField, value: string) => void;
  /** If given, the user can put the notes aside. */
  onClose?: () => void;
}

export function InfotextNotes({ notes, valueOf, onChoose, onClose }: InfotextNotesProps): ReactNode {
  if (notes.length === 0) return null;
  return (
    <section className={styles["notes"]} aria-label="Differences here">
      <div className={styles["head"]}>
        <h2>Differences here</h2>
        {onClose === undefined ? null : <CloseButton size="sm" aria-label="Close these notes" onClick={onClose} />}
      </div>
      <ul>
        {notes.map((note) => (
          <li key={`${note.key} ${note.value}`}>
            <span>{note.message}</span>
            {note.choice === undefined ? null : (
              <NoteChoice
                choice={note.choice}
                value={valueOf(note.choice.field)}
                onChoose={(value) => note.choice !== undefined && onChoose(note.choice.field, value)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function NoteChoice(props: {
  choice: NonNullable<InfotextNote["choice"]>;
  value: unknown;
  onChoose: (value: string) => void;
}): ReactNode {
  const { choice, value, onChoose } = props;
  return (
    <Select
      className={styles["choice"] ?? ""}
      size="xs"
      aria-label={choice.label}
      placeholder={choice.field === "checkpoint" ? "The header’s checkpoint" : "Choose one"}
      data={[...choice.options]}
      value={choice.options.find((one) => one === value) ?? null}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
      styles={{ dropdown: { maxWidth: "calc(100vw - 24px)" } }}
      onChange={(chosen) => {
        if (chosen !== null) onChoose(chosen);
      }}
    />
  );
}
