/** @file The large picture: the finished one, or the unfinished one in the very same box while it is drawn. */
import type { ReactNode } from "react";
import { fileUrl } from "../../../api/client.ts";
import { PictureTile } from "../../../parts/pictures/picture-tile.tsx";
import type { Slot } from "./batch.ts";
import styles from "./result.module.css";

export interface ResultStageProps {
  slot: Slot | undefined;
  size: { width: number; height: number };
  /** The unfinished picture as a data URL; null until the first one has come. */
  preview: string | null;
  /** The text in an empty box. */
  waiting: string;
  alt: string;
  onOpen: () => void;
}

/** A picture is shown at most this many times its own size: the demo's 128 pixels would be a blur over the whole page. */
const MAX_ENLARGED = 4;

export function ResultStage({ slot, size, preview, waiting, alt, onOpen }: ResultStageProps): ReactNode {
  const aspect = size.width / size.height;
  const style = {
    "--stage-aspect": String(aspect),
    "--stage-max": `${size.width * MAX_ENLARGED}px`,
  } as React.CSSProperties;
  return (
    <div className={styles["stage"]} style={style} data-testid="stage" data-slot={slot?.kind}>
      {slot?.kind === "finished" ? (
        <PictureTile src={fileUrl(slot.picture.path)} alt={alt} aspect={aspect} fit="contain" onClick={onOpen} />
      ) : (
        <div className={styles["unfinished"]}>
          {slot?.kind === "drawing" && preview !== null ? (
            <img src={preview} alt="The unfinished picture" />
          ) : (
            <span>{waiting}</span>
          )}
        </div>
      )}
    </div>
  );
}
