/** @file Two pictures side by side, and the settings in which they differ. */
import { Modal } from "@mantine/core";
import type { GalleryImage } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { fileUrl } from "../../api/client.ts";
import { useBackCloses } from "../../ui/overlays/use-back-closes.ts";
import { differences } from "./picture-differences.ts";
import { promptOf } from "./gallery-rows.ts";
import styles from "./compare-dialog.module.css";

export interface CompareDialogProps {
  /** The two pictures; null while nothing is compared. */
  pair: readonly [GalleryImage, GalleryImage] | null;
  onClose: () => void;
}

export function CompareDialog({ pair, onClose }: CompareDialogProps): ReactNode {
  useBackCloses(pair !== null, onClose);
  return (
    <Modal opened={pair !== null} onClose={onClose} title="Compare two pictures" fullScreen>
      {pair === null ? null : <Comparison pair={pair} />}
    </Modal>
  );
}

function Comparison({ pair }: { pair: readonly [GalleryImage, GalleryImage] }): ReactNode {
  const [left, right] = pair;
  const rows = differences(left.infotext, right.infotext);
  return (
    <div className={styles["comparison"]}>
      {pair.map((image, i) => (
        <figure key={image.path} className={styles["picture"]}>
          <img src={fileUrl(image.path)} alt={promptOf(image.infotext) || image.file} />
          <figcaption>
            <b>{i === 0 ? "Left" : "Right"}</b> {image.file} · {image.width} × {image.height}
          </figcaption>
        </figure>
      ))}
      {rows.length === 0 ? (
        <p className={styles["same"]}>Both have the same prompt and settings, or say nothing about them.</p>
      ) : (
        <table className={styles["table"]}>
          <thead>
            <tr>
              <th scope="col">Differs in</th>
              <th scope="col">Left</th>
              <th scope="col">Right</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <td>{row.left || "not given"}</td>
                <td>{row.right || "not given"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
