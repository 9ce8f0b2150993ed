/** @file The strip of a batch's pictures, each in its place from the start. */
import type { Artifact } from "@lexeme/domain/jobs";
import type { ReactNode } from "react";
import { thumbnailUrl } from "../../../api/client.ts";
import { GRID_SHOWN, type Slot } from "./batch.ts";
import styles from "./result.module.css";

export interface BatchStripProps {
  slots: readonly Slot[];
  /** The picture of all pictures; undefined until it is made, or if there is none. */
  grid: Artifact | undefined;
  /** True while the grid is still to be made; its place is then kept free. */
  gridComes: boolean;
  /** Place of the slot shown; `GRID_SHOWN` for the grid. */
  shown: number;
  aspect: number;
  preview: string | null;
  onChoose: (index: number) => void;
}

export function BatchStrip({ slots, grid, gridComes, shown, aspect, preview, onChoose }: BatchStripProps): ReactNode {
  return (
    <div className={styles["strip"]} role="group" aria-label="Pictures of this batch">
      {grid === undefined && gridComes && (
        <span className={styles["thumb"]} style={{ aspectRatio: String(aspect) }} aria-hidden />
      )}
      {grid && (
        <button
          type="button"
          className={styles["thumb"]}
          // The grid's place is as large as a picture's, so that no picture moves when the grid comes.
          style={{ aspectRatio: String(aspect) }}
          data-grid
          aria-label="Grid of the batch"
          aria-pressed={shown === GRID_SHOWN}
          onClick={() => onChoose(GRID_SHOWN)}
        >
          <img src={thumbnailUrl(grid.path, 192)} alt="" decoding="async" />
        </button>
      )}
      {slots.map((slot, i) => (
        <button
          // Slots never move, so their place identifies them.
          key={`${i}`}
          type="button"
          className={styles["thumb"]}
          style={{ aspectRatio: String(aspect) }}
          aria-label={`Picture ${i + 1}: ${slot.kind}`}
          aria-pressed={i === shown}
          disabled={slot.kind === "gone"}
          data-slot={slot.kind}
          onClick={() => onChoose(i)}
        >
          {slot.kind === "finished" && <img src={thumbnailUrl(slot.picture.path, 192)} alt="" decoding="async" />}
          {slot.kind === "drawing" && preview !== null && <img src={preview} alt="" />}
        </button>
      ))}
    </div>
  );
}
