/** @file txt2img's right side: the job's progress, the large picture, the batch, and the picture's settings. */
import { pictureSize, type Txt2imgSettings } from "@lexeme/domain/settings";
import { isFinished } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import { useDeletedPictures } from "../../../state/deleted-pictures.ts";
import { useJobPreview, useJobProgress } from "../../../state/jobs.ts";
import { useOption } from "../../../state/options.ts";
import { InfotextBox } from "../../../ui/text/infotext-box.tsx";
import { LogFold } from "../../../parts/jobs/log-fold.tsx";
import { Notice } from "../../../ui/feedback/notice.tsx";
import { deletePicture } from "../../../parts/pictures/delete-picture.ts";
import { PictureViewer } from "../../../parts/pictures/picture-viewer.tsx";
import { batchOf, GRID_SHOWN, shownSlot, type Batch, type Slot } from "./batch.ts";
import { BatchStrip } from "./batch-strip.tsx";
import { DrawingFailure } from "./drawing-failure.tsx";
import { DrawingStatus } from "./drawing-status.tsx";
import { PictureActions } from "./picture-actions.tsx";
import { ResultStage } from "./result-stage.tsx";
import styles from "./result.module.css";

export function Txt2imgResult({ job }: { job: Job }): ReactNode {
  const settings = job.request.settings as Txt2imgSettings;
  const progress = useJobProgress(job.id);
  const preview = useJobPreview(job.id)?.dataUrl ?? null;
  const deleted = useDeletedPictures();
  const isGridSaved = useOption("grid_save");
  const isGridReturned = useOption("return_grid");
  const [chosen, setChosen] = useState<number | null>(null);
  const [viewed, setViewed] = useState<number | null>(null);

  const batch = batchOf(job, { progress, deleted });
  const shown = shownSlot(batch, chosen);
  const slot = slotShown(batch, shown);
  const own = pictureSize(settings);
  const pictures = batch.slots.flatMap((one) => (one.kind === "finished" ? [one.picture] : []));
  const finished = batch.grid === undefined ? pictures : [batch.grid, ...pictures];
  const picture = slot?.kind === "finished" ? slot.picture : undefined;
  const altOfPicture = settings.prompt === "" ? "Picture without a prompt" : settings.prompt;
  const alt = shown === GRID_SHOWN ? "Grid of the batch" : altOfPicture;
  // A grid is larger than the size in the settings, which is that of one picture.
  const size =
    shown === GRID_SHOWN ? { width: picture?.width ?? own.width, height: picture?.height ?? own.height } : own;

  return (
    <div className={styles["result"]}>
      <DrawingStatus job={job} progress={progress} />
      <DrawingFailure job={job} />
      {(job.error === null || finished.length > 0) && (
        <ResultStage
          slot={slot}
          size={size}
          preview={preview}
          waiting={waitingText(job, slot)}
          alt={alt}
          onOpen={() => setViewed(finished.findIndex((one) => one === picture))}
        />
      )}
      {batch.slots.length > 1 && (finished.length > 0 || !isFinished(job.state)) && (
        <BatchStrip
          slots={batch.slots}
          grid={batch.grid}
          gridComes={isGridSaved && isGridReturned && !isFinished(job.state)}
          shown={shown}
          aspect={own.width / own.height}
          preview={preview}
          onChoose={(index) => setChosen(index === batch.drawing ? null : index)}
        />
      )}
      <div className={styles["actions"]}>
        {picture && (
          <PictureActions path={picture.path} infotext={picture.infotext} onDeleted={() => setChosen(null)} />
        )}
      </div>
      {picture?.infotext && <InfotextBox infotext={picture.infotext} />}
      {job.results.warnings.map((warning) => (
        <Notice key={warning} tone="warning">
          {warning}
        </Notice>
      ))}
      {job.state === "failed" && <LogFold jobId={job.id} title="Details" />}
      <PictureViewer
        pictures={finished.map((one) => ({
          path: one.path,
          alt: one === batch.grid ? "Grid of the batch" : altOfPicture,
          width: one.width,
          height: one.height,
          text: one.infotext,
        }))}
        index={viewed}
        onIndex={setViewed}
        onDelete={(path) => void deletePicture(path)}
      />
    </div>
  );
}

function slotShown({ slots, grid }: Batch, shown: number): Slot | undefined {
  return shown === GRID_SHOWN && grid !== undefined ? { kind: "finished", picture: grid } : slots[shown];
}

function waitingText(job: Job, slot: Slot | undefined): string {
  if (slot?.kind === "gone" && job.state === "cancelled") return "Cancelled before it was finished";
  // The job drew for a program that keeps its pictures itself, or was stopped before the first picture.
  if (slot?.kind === "gone" && job.results.artifacts.length === 0) return job.results.summary ?? "Nothing was drawn";
  if (slot?.kind === "gone") return "Deleted";
  if (job.state === "queued") return "Waiting for its turn";
  return slot?.kind === "drawing" ? "The first preview comes in a moment" : "This picture is drawn next";
}
