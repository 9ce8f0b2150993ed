/** @file Find and replace, or add a phrase, in all captions at once; one step of undo. */
import { Button, Popover, TextInput } from "@mantine/core";
import type { DatasetPicture } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import { formatPlural } from "../../../ui/text/format.ts";
import { showUndo } from "../../../ui/feedback/toast.ts";
import styles from "./caption-board.module.css";
import { captionOf, typeCaption } from "./caption-store.ts";

export function ReplaceBar({ pictures }: { pictures: DatasetPicture[] }): ReactNode {
  const [open, setOpen] = useState(false);
  const [find, setFind] = useState("");
  const [replacement, setReplacement] = useState("");
  const [added, setAdded] = useState("");
  const hits = find === "" ? [] : pictures.filter((picture) => captionOf(picture).includes(find));

  function change(targets: DatasetPicture[], edit: (caption: string) => string): void {
    // The second press of a double click comes while the closed form still fades.
    if (!open) return;
    const before = targets.map((picture) => ({ path: picture.path, caption: captionOf(picture) }));
    for (const { path, caption } of before) typeCaption(path, edit(caption));
    setOpen(false);
    showUndo(`Changed ${formatPlural(before.length, "caption")}`, () => {
      for (const { path, caption } of before) typeCaption(path, caption);
    });
  }

  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="md" width={320} trapFocus>
      <Popover.Target>
        <Button variant="default" size="compact-sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          Edit all captions
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className={styles["replace"]}
          onSubmit={(event) => {
            event.preventDefault();
            if (hits.length > 0) change(hits, (caption) => caption.replaceAll(find, replacement));
          }}
        >
          <TextInput label="Find" value={find} onChange={(event) => setFind(event.currentTarget.value)} />
          <TextInput
            label="Replace with"
            value={replacement}
            onChange={(event) => setReplacement(event.currentTarget.value)}
          />
          <Button type="submit" disabled={hits.length === 0}>
            {find === "" ? "Replace" : `Replace in ${formatPlural(hits.length, "caption")}`}
          </Button>
        </form>
        <form
          className={styles["replace"]}
          onSubmit={(event) => {
            event.preventDefault();
            const phrase = added.replace(/^[\s,]+/u, "").trim();
            if (phrase !== "")
              change(pictures, (caption) => (caption.trim() === "" ? phrase : `${caption.trimEnd()}, ${phrase}`));
          }}
        >
          <TextInput
            label="Add to the end of all captions"
            value={added}
            onChange={(event) => setAdded(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={/^[\s,]*$/u.test(added)}>
            Add to {formatPlural(pictures.length, "caption")}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
