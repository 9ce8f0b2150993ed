/** @file A folder's path as a field: typed, or picked in a dialog. */
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { Field } from "../state/persistent-form.ts";
import { TextField } from "./fields.tsx";
import styles from "./folder-field.module.css";
import { parentOf } from "./folder-path.ts";
import { FolderPicker } from "./folder-picker.tsx";

export function FolderField(props: {
  field: Field<string>;
  description?: ReactNode;
  placeholder?: string;
  forWriting?: boolean;
  /** Where the dialog begins while the field is empty. */
  start?: string;
}): ReactNode {
  const { field, description = null, placeholder = "", forWriting = false, start = "" } = props;
  const [open, setOpen] = useState(false);
  return (
    <div className={styles["row"]}>
      <div className={styles["text"]}>
        <TextField field={field} description={description} placeholder={placeholder} />
      </div>
      <Button
        variant="default"
        className={styles["browse"] ?? ""}
        aria-label={`Browse for ${field.label.toLowerCase()}`}
        onClick={() => setOpen(true)}
      >
        Browse
      </Button>
      <FolderPicker
        opened={open}
        title={field.label}
        // A destination mostly does not exist yet, its parent does.
        start={field.value === "" ? start : forWriting ? parentOf(field.value) : field.value}
        forWriting={forWriting}
        onChoose={field.onChange}
        onClose={() => setOpen(false)}
      />
    </div>
  );
}
