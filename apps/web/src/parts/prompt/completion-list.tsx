/** @file Names offered under a prompt while the user types. */
import { Paper } from "@mantine/core";
import classes from "./prompt-editor.module.css";

export interface CompletionListProps {
  id: string;
  names: string[];
  chosen: number;
  onChoose: (name: string) => void;
}

export function CompletionList({ id, names, chosen, onChoose }: CompletionListProps) {
  return (
    <Paper className={classes["list"]} shadow="md" withBorder role="listbox" id={id} aria-label="Embeddings">
      {names.map((name, i) => (
        <div
          key={name}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === chosen}
          tabIndex={-1}
          className={classes["option"]}
          // The text area must keep its focus and caret.
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(name);
          }}
        >
          {name}
        </div>
      ))}
    </Paper>
  );
}
