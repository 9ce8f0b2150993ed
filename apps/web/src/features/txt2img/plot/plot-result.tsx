/** @file A plot's right side: its progress, its grid to click, and the chosen picture with its settings. */
import { Button } from "@mantine/core";
import type { XyzCell, XyzPlotSettings } from "@lexeme/domain/plot";
import { isFinished, type Artifact } from "@lexeme/domain/jobs";
import { pictureSize } from "@lexeme/domain/settings";
import type { Job } from "@lexeme/protocol";
import { useMemo, useRef, useState, type ReactNode } from "react";
import { useDeletedPictures } from "../../../state/deleted-pictures.ts";
import { useJobPreview, useJobProgress } from "../../../state/jobs.ts";
import { InfotextBox } from "../../../ui/text/infotext-box.tsx";
import { LogFold } from "../../../parts/jobs/log-fold.tsx";
import { Notice } from "../../../ui/feedback/notice.tsx";
import { deletePicture } from "../../../parts/pictures/delete-picture.ts";
import { PictureViewer } from "../../../parts/pictures/picture-viewer.tsx";
import { DrawingFailure } from "../result/drawing-failure.tsx";
import { DrawingStatus } from "../result/drawing-status.tsx";
import { PictureActions } from "../result/picture-actions.tsx";
import { plotTable, type PlotTable } from "./plot-cells.ts";
import { nameOf, PlotGrid } from "./plot-grid.tsx";
import { ResultStage } from "../result/result-stage.tsx";
import plotStyles from "./plot-result.module.css";
import styles from "../result/result.module.css";

interface Shown {
  picture: Artifact;
  name: string;
}

export function PlotResult({ job }: { job: Job }): ReactNode {
  const settings = job.request.settings as XyzPlotSettings;
  const progress = useJobProgress(job.id);
  const preview = useJobPreview(job.id)?.dataUrl ?? null;
  const deleted = useDeletedPictures();
  const [chosen, setChosen] = useState<XyzCell | null>(null);
  const [viewed, setViewed] = useState<number | null>(null);
  const stage = useRef<HTMLDivElement>(null);

  const table = useMemo(() => plotTable(job, { progress, deleted }), [job, progress, deleted]);
  const size = pictureSize(settings);
  const pictures = finishedOf(table);
  const cell = chosen !== null && table.slotAt(chosen).kind === "finished" ? chosen : null;
  const shown = shownOf(table, cell);
  // While cells fill in, only the grid is shown.
  const showsStage = shown !== null && (cell !== null || isFinished(job.state));

  function choose(next: XyzCell): void {
    setChosen(next);
    // Waits until the picture is drawn; on a small screen it lies below the grid.
    requestAnimationFrame(() => stage.current?.scrollIntoView({ block: "start", behavior: "smooth" }));
  }

  return (
    <div className={styles["result"]}>
      <DrawingStatus job={job} progress={progress} />
      <DrawingFailure job={job} />
      <PlotGrid table={table} aspect={size.width / size.height} preview={preview} shown={cell} onChoose={choose} />
      {showsStage && (
        <div ref={stage} className={plotStyles["chosen"]}>
          <div className={plotStyles["name"]}>
            <h2>{shown.name}</h2>
            {cell !== null && table.grids.length > 0 && (
              <Button size="compact-sm" variant="subtle" onClick={() => setChosen(null)}>
                Show the whole grid
              </Button>
            )}
          </div>
          <ResultStage
            slot={{ kind: "finished", picture: shown.picture }}
            size={{ width: shown.picture.width ?? size.width, height: shown.picture.height ?? size.height }}
            preview={null}
            waiting=""
            alt={shown.name}
            onOpen={() => setViewed(pictures.findIndex(({ picture }) => picture === shown.picture))}
          />
          <div className={styles["actions"]}>
            <PictureActions
              path={shown.picture.path}
              infotext={shown.picture.infotext}
              onDeleted={() => setChosen(null)}
            />
          </div>
          {shown.picture.infotext && <InfotextBox infotext={shown.picture.infotext} />}
        </div>
      )}
      {job.results.warnings.map((warning) => (
        <Notice key={warning} tone="warning">
          {warning}
        </Notice>
      ))}
      {job.state === "failed" && <LogFold jobId={job.id} title="Details" />}
      <PictureViewer
        pictures={pictures.map(({ picture, name }) => ({
          path: picture.path,
          alt: name,
          width: picture.width,
          height: picture.height,
          text: picture.infotext,
        }))}
        index={viewed}
        onIndex={setViewed}
        onDelete={(path) => void deletePicture(path)}
      />
    </div>
  );
}

/** The grids, then the cells row by row. */
function finishedOf(table: PlotTable): Shown[] {
  const cells = table.layers.flatMap((_layer, z) =>
    table.rows.flatMap((_row, y) =>
      table.columns.flatMap((_column, x): Shown[] => {
        const slot = table.slotAt({ x, y, z });
        return slot.kind === "finished" ? [{ picture: slot.picture, name: nameOf(table, { x, y, z }) }] : [];
      }),
    ),
  );
  return [...table.grids.map((picture, i) => ({ picture, name: gridName(table, i) })), ...cells];
}

/** The chosen cell's picture, else the whole grid; null if there is neither. */
function shownOf(table: PlotTable, cell: XyzCell | null): Shown | null {
  const slot = cell === null ? undefined : table.slotAt(cell);
  if (cell !== null && slot?.kind === "finished") return { picture: slot.picture, name: nameOf(table, cell) };
  const [grid] = table.grids;
  return grid === undefined ? null : { picture: grid, name: gridName(table, 0) };
}

function gridName({ layers }: PlotTable, index: number): string {
  return index === 0 ? "The whole grid" : `The grid of ${layers[index - 1] ?? ""}`;
}
