/** @file A folder's path as a field: typed, or picked in a dialog. */
import { Button, TextInput } from "@mantine/core";
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { Field } from "../../ui/fields/field.ts";
import { parentOf } from "../../ui/text/folder-path.ts";
import { FolderPicker } from "./folder-picker.tsx";
import { OutsideNotice } from "./outside-notice.tsx";

export function FolderField(props: {
  field: Field<string>;
  description?: ReactNode;
  placeholder?: string;
  forWriting?: boolean;
  /** The folder that the dialog shows first while the field is empty. */
  start?: string;
  /** The path is outside the folders that may be used. */
  isOutside?: boolean;
  /** Uploads pictures in place of reading a folder. */
  onUpload?: () => void;
}): ReactNode {
  const { field, description = null, placeholder = "", forWriting = false, start = "" } = props;
  const [open, setOpen] = useState(false);
  const [root, setRoot] = useState<string | null>(null);
  function browse(from: string | null): void {
    setRoot(from);
    setOpen(true);
  }
  const input = useRef<HTMLInputElement>(null);
  // The end of a path tells more than its beginning.
  useEffect(() => {
    const element = input.current;
    if (element !== null && document.activeElement !== element) element.scrollLeft = element.scrollWidth;
  }, [field.value]);
  return (
    <>
      <TextInput
        ref={input}
        label={field.label}
        name={field.name}
        title={field.value}
        description={description}
        placeholder={placeholder}
        value={field.value}
        error={field.error}
        autoComplete="off"
        spellCheck={false}
        rightSectionWidth={80}
        rightSection={
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={`Browse for ${field.label.toLowerCase()}`}
            onClick={() => browse(null)}
          >
            Browse
          </Button>
        }
        onChange={(event) => field.onChange(event.currentTarget.value)}
      />
      <OutsideNotice
        isShown={props.isOutside === true}
        forWriting={forWriting}
        onBrowse={browse}
        onUpload={props.onUpload}
      />
      <FolderPicker
        opened={open}
        title={field.label}
        // A destination usually does not exist yet, but its parent does.
        start={root ?? (field.value === "" ? start : forWriting ? parentOf(field.value) : field.value)}
        forWriting={forWriting}
        onChoose={field.onChange}
        onClose={() => setOpen(false)}
      />
    </>
  );
}
