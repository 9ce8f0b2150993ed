/** @file The prepared pictures with their captions; users spend most of the time before a training here. */
import { Button } from "@mantine/core";
import type { Dataset, DatasetPicture, Job } from "@lexeme/protocol";
import { useEffect, useEffectEvent, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useChosenWord } from "../../../parts/embeddings/use-chosen-word.ts";
import { chooseDataset, chooseForTraining } from "../../../state/training-choice.ts";
import { EmptyState } from "../../../ui/feedback/empty-state.tsx";
import { Notice } from "../../../ui/feedback/notice.tsx";
import { showUndo } from "../../../ui/feedback/toast.ts";
import { formatCount, formatPlural } from "../../../ui/text/format.ts";
import { PictureIcon } from "../../../ui/icons/icons.tsx";
import styles from "./caption-board.module.css";
import { CaptionCard } from "./caption-card.tsx";
import { isGuess, isUnreadable, restoreGuesses, saveAll, settleGuesses } from "./caption-store.ts";
import { ReplaceBar } from "./replace-bar.tsx";
import { SkippedFiles } from "../skipped-files.tsx";

export function CaptionBoard({ dataset, job }: { dataset: Dataset; job: Job | null }): ReactNode {
  const { pictures, broken } = dataset;
  const save = useEffectEvent((options?: { keepalive: boolean }) => saveAll(pictures, options));
  useEffect(() => {
    // Captions that an earlier page could not save.
    save();
    const onLeave = (): void => save({ keepalive: true });
    globalThis.addEventListener("pagehide", onLeave);
    return () => globalThis.removeEventListener("pagehide", onLeave);
  }, []);
  const skipped = [...(job?.results.skipped ?? []), ...broken];
  if (pictures.length === 0) {
    return (
      <>
        <SkippedFiles skipped={skipped} />
        <EmptyState
          icon={<PictureIcon />}
          title={broken.length === 0 ? "No pictures in this folder" : "No picture in this folder can be read"}
        >
          {dataset.path}
        </EmptyState>
      </>
    );
  }
  return (
    <div className={styles["board"]}>
      <div className={styles["head"]}>
        <p className={styles["hint"]}>
          Captions describe everything that is <em>not</em> the word: clothes, place, light. They are saved by
          themselves; Tab goes to the next caption.
        </p>
        <ReplaceBar pictures={pictures.filter((picture) => !isUnreadable(picture))} />
        <TrainNext dataset={dataset} />
      </div>
      <SkippedFiles skipped={skipped} />
      <GuessBar guesses={pictures.filter(isGuess)} />
      <ul className={styles["cards"]} aria-label="Prepared pictures">
        {pictures.map((picture, index) => (
          <CaptionCard key={picture.path} picture={picture} index={index} />
        ))}
      </ul>
    </div>
  );
}

/** For all captions that no file holds yet: a training would use them as they are. */
function GuessBar({ guesses }: { guesses: DatasetPicture[] }): ReactNode {
  if (guesses.length === 0) return null;
  const settle = (how: "keep" | "drop") => (): void => {
    settleGuesses(guesses, how);
    if (how === "keep") return;
    // A dropped caption is an empty file; the undo writes the guess into it.
    showUndo(`Dropped ${formatPlural(guesses.length, "caption")}`, () => restoreGuesses(guesses));
  };
  const words = guesses.length === 1 ? "1 caption is a guess" : `${formatCount(guesses.length)} captions are guesses`;
  return (
    <Notice
      action={
        <div className={styles["guessActions"]}>
          <Button variant="default" size="compact-sm" onClick={settle("keep")}>
            Keep all
          </Button>
          <Button variant="default" size="compact-sm" onClick={settle("drop")}>
            Drop all
          </Button>
        </div>
      }
    >
      {words} from the file name and not saved. A training uses them as long as they are not dropped.
    </Notice>
  );
}

function TrainNext({ dataset }: { dataset: Dataset }): ReactNode {
  const [, navigate] = useLocation();
  const embedding = useChosenWord();
  const count = formatPlural(dataset.pictures.length, "picture");
  function go(): void {
    saveAll(dataset.pictures);
    if (embedding !== null) chooseForTraining(embedding);
    chooseDataset(dataset.path);
    navigate("/train");
  }
  return (
    <Button onClick={go} className={styles["next"] ?? ""}>
      {embedding === null ? `Train on these ${count}` : `Train ${embedding} on these ${count}`}
    </Button>
  );
}
