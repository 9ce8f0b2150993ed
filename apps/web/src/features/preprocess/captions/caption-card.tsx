/** @file One picture of the caption board: large, its caption below as a field that saves itself. */
import { Button } from "@mantine/core";
import { useDebouncedValue, useInViewport } from "@mantine/hooks";
import type { DatasetPicture } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { thumbnailUrl } from "../../../api/client.ts";
import { useRoute } from "../../../api/queries.ts";
import { PictureTile } from "../../../parts/pictures/picture-tile.tsx";
import { showUndo } from "../../../ui/feedback/toast.ts";
import styles from "./caption-board.module.css";
import {
  discardDraft,
  isGuess,
  isUnreadable,
  saveNow,
  settleGuesses,
  typeCaption,
  useCaption,
  type CaptionStatus,
} from "./caption-store.ts";

export function CaptionCard({ picture, index }: { picture: DatasetPicture; index: number }): ReactNode {
  const { caption, isDraft, status } = useCaption(picture);
  const isLocked = isUnreadable(picture);
  const guessed = isGuess(picture) && !isDraft && !isLocked;
  const { ref, inViewport } = useInViewport<HTMLLIElement>();
  function save(): void {
    if (!isLocked) void saveNow(picture.path);
  }
  const label = `Caption of picture ${index + 1}, ${picture.file}`;
  return (
    <li ref={ref} className={styles["card"]}>
      <PictureTile
        src={thumbnailUrl(picture.path, 512)}
        alt={picture.file}
        aspect={Math.max(0.6, Math.min(1.8, picture.width / picture.height))}
        fit="contain"
      />
      <textarea
        className={styles["caption"]}
        data-guess={guessed}
        aria-description={guessed ? "A guess from the file name, not saved" : undefined}
        aria-label={label}
        placeholder={
          isLocked ? "This caption cannot be read" : "What else the picture shows, so that the word does not learn it"
        }
        readOnly={isLocked}
        spellCheck
        rows={3}
        value={caption}
        onChange={(event) => typeCaption(picture.path, event.currentTarget.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
          // Otherwise the browser would offer to save the page.
          event.preventDefault();
          save();
        }}
      />
      <div className={styles["foot"]}>
        <span className={styles["file"]} title={`${picture.file}, ${picture.width} × ${picture.height}`}>
          {picture.file}
        </span>
        {guessed ? <GuessButtons picture={picture} /> : null}
        {isLocked ? isDraft && <DiscardButton path={picture.path} /> : <SaveState status={status} onRetry={save} />}
        <TokenCount text={caption} wanted={inViewport} />
      </div>
      {picture.captionFault === null ? null : <p className={styles["failed"]}>{picture.captionFault}</p>}
      {picture.promptFault === null || isDraft ? null : (
        <p className={styles["failed"]}>A training leaves this picture out: {picture.promptFault}</p>
      )}
      {status?.kind === "failed" && !isLocked ? (
        <p className={styles["failed"]} role="alert">
          Not saved: {status.message}
        </p>
      ) : null}
    </li>
  );
}

/** For a draft whose file has become unreadable: the text can be copied from the field, but not saved. */
function DiscardButton({ path }: { path: string }): ReactNode {
  return (
    <Button
      variant="subtle"
      size="compact-xs"
      onClick={() => showUndo("What was typed is discarded", discardDraft(path))}
    >
      Discard what was typed
    </Button>
  );
}

/** For a caption from the file name: one press saves it or an empty one. */
function GuessButtons({ picture }: { picture: DatasetPicture }): ReactNode {
  const button = (how: "keep" | "drop", word: string): ReactNode => (
    <Button
      variant="subtle"
      size="compact-xs"
      aria-label={`${word} the guess for ${picture.file}`}
      onClick={() => settleGuesses([picture], how)}
    >
      {word}
    </Button>
  );
  return (
    <span className={styles["guess"]}>
      {button("keep", "Keep")}
      {button("drop", "Drop")}
    </span>
  );
}

function SaveState({ status, onRetry }: { status: CaptionStatus | undefined; onRetry: () => void }): ReactNode {
  if (status?.kind === "failed") {
    return (
      <Button variant="subtle" size="compact-xs" onClick={onRetry}>
        Save again
      </Button>
    );
  }
  return (
    <span className={styles["saved"]} role="status" data-shown={status?.kind === "saved"}>
      {status?.kind === "saved" ? "saved" : ""}
    </span>
  );
}

/** Tokens of the caption against the 75 that one chunk of a prompt holds; the server counts them only for cards in sight. */
function TokenCount({ text, wanted }: { text: string; wanted: boolean }): ReactNode {
  const [settled] = useDebouncedValue(text, 400);
  const isEmpty = settled.trim() === "";
  const tokenized = useRoute("tokenize", isEmpty || !wanted ? null : { body: { text: settled } }).data;
  const used = isEmpty ? 0 : tokenized?.used;
  if (used === undefined) return <span className={styles["count"]} />;
  return (
    <span className={styles["count"]} data-over={used > 75} title="Tokens; one chunk of a prompt holds 75">
      {used}/75
    </span>
  );
}
