/** @file A plot's pictures as a table to click: columns are X, rows are Y, a table for each Z. Cells fill in as they are drawn. */
import type { XyzCell } from "@lexeme/domain/plot";
import type { ReactNode } from "react";
import { thumbnailUrl } from "../../../api/client.ts";
import type { PlotTable } from "./plot-cells.ts";
import styles from "./plot-result.module.css";

export interface PlotGridProps {
  table: PlotTable;
  /** Width over height of a cell. */
  aspect: number;
  /** The unfinished picture as a data URL. */
  preview: string | null;
  shown: XyzCell | null;
  onChoose: (cell: XyzCell) => void;
}

/** Pixels of a thumbnail: twice the largest width of a cell, for fine screens. */
const THUMBNAIL = 512;

export function PlotGrid(props: PlotGridProps): ReactNode {
  const { layers } = props.table;
  return (
    <div className={styles["grids"]} data-scrolls-sideways role="group" aria-label="Pictures of this plot" tabIndex={0}>
      {layers.map((label, z) => (
        // Layers never move, so their place identifies them.
        <PlotLayer key={`${z}`} {...props} z={z} label={label} />
      ))}
    </div>
  );
}

function PlotLayer({ table, z, label, ...cells }: PlotGridProps & { z: number; label: string }): ReactNode {
  const { columns, rows } = table;
  const hasRowLabels = rows.some((row) => row !== "");
  return (
    <table className={styles["table"]}>
      {label === "" ? null : <caption>{label}</caption>}
      {columns.every((column) => column === "") ? null : (
        <thead>
          <tr>
            {hasRowLabels ? <td /> : null}
            {columns.map((column, x) => (
              <th key={`${x}`} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {rows.map((row, y) => (
          <tr key={`${y}`}>
            {hasRowLabels ? <th scope="row">{row}</th> : null}
            {columns.map((_, x) => (
              <td key={`${x}`}>
                <PlotCell {...cells} table={table} cell={{ x, y, z }} name={nameOf(table, { x, y, z })} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function PlotCell({
  table,
  cell,
  name,
  aspect,
  preview,
  shown,
  onChoose,
}: PlotGridProps & { cell: XyzCell; name: string }): ReactNode {
  const slot = table.slotAt(cell);
  const isShown = shown !== null && shown.x === cell.x && shown.y === cell.y && shown.z === cell.z;
  return (
    <button
      type="button"
      className={styles["cell"]}
      style={{ aspectRatio: String(aspect) }}
      aria-label={`${name}: ${slot.kind}`}
      aria-pressed={isShown}
      disabled={slot.kind !== "finished"}
      data-slot={slot.kind}
      onClick={() => onChoose(cell)}
    >
      {slot.kind === "finished" && (
        <img src={thumbnailUrl(slot.picture.path, THUMBNAIL)} alt="" loading="lazy" decoding="async" />
      )}
      {slot.kind === "drawing" && preview !== null && <img src={preview} alt="" />}
    </button>
  );
}

/** "Steps: 10, CFG Scale: 7"; "Picture" if no axis has a label. */
export function nameOf({ columns, rows, layers }: PlotTable, { x, y, z }: XyzCell): string {
  const labels = [columns[x], rows[y], layers[z]].filter((label) => label !== undefined && label !== "");
  return labels.length === 0 ? "Picture" : labels.join(", ");
}
