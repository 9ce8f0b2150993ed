/** @file The pictures as they are, with the frame in which each will be cut. */
import type { Dataset } from "@lexeme/protocol";
import { CloseButton } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { call, thumbnailUrl } from "../../api/client.ts";
import { refresh } from "../../api/queries.ts";
import { showError, showUndo } from "../../ui/feedback/toast.ts";
import { SkippedFiles } from "./skipped-files.tsx";
import styles from "./preprocess-page.module.css";

export function SourcePictures(props: {
  dataset: Dataset;
  /** Width over height of the cut; null if it is not known beforehand. */
  cutAspect: number | null;
}): ReactNode {
  const { dataset, cutAspect } = props;
  return (
    <>
      <SkippedFiles skipped={dataset.broken} verb="cannot be read and will be skipped" />
      <ul className={styles["sources"]} aria-label="Source pictures">
        {dataset.pictures.map((picture) => (
          <li key={picture.path}>
            <SourceTile path={picture.path} file={picture.file} cutAspect={cutAspect} />
            <div className={styles["sourceFoot"]}>
              <span className={styles["sourceFile"]} title={picture.file}>
                {picture.file}
              </span>
              {dataset.isUpload ? (
                <CloseButton
                  size="xs"
                  aria-label={`Take ${picture.file} away`}
                  onClick={() => void takeAway(picture.path, picture.file)}
                />
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Moves an uploaded picture with its caption to the bin. */
async function takeAway(path: string, file: string): Promise<void> {
  try {
    const { undoToken } = await call("removeDatasetPicture", { body: { path } });
    showUndo(
      `Took ${file} away`,
      () => void call("undoDelete", { body: { undoToken } }).then(refreshPictures, showError),
    );
    await refreshPictures();
  } catch (error) {
    showError(error);
  }
}

function refreshPictures(): Promise<void> {
  return refresh("getDataset", "listFolder", "planPreprocess");
}

function SourceTile({ path, file, cutAspect }: { path: string; file: string; cutAspect: number | null }): ReactNode {
  // Measured on the picture as shown, which is upright whatever its EXIF orientation is.
  const [aspect, setAspect] = useState<number | null>(null);
  const frame = aspect === null || cutAspect === null ? null : centreCut(aspect, cutAspect);
  return (
    <div className={styles["source"]}>
      <div
        className={styles["sourceFit"]}
        style={
          aspect === null
            ? {}
            : { aspectRatio: String(aspect), ...(aspect >= 1 ? { width: "100%" } : { height: "100%" }) }
        }
      >
        <img
          src={thumbnailUrl(path, 384)}
          alt={file}
          loading="lazy"
          decoding="async"
          onLoad={(event) => setAspect(event.currentTarget.naturalWidth / event.currentTarget.naturalHeight)}
        />
        {frame === null ? null : <div className={styles["cut"]} style={frame} aria-hidden />}
      </div>
    </div>
  );
}

/** The largest frame of the aspect `cut` in the middle of a picture of the aspect `aspect`, in percent of its sides. */
function centreCut(aspect: number, cut: number): { width: string; height: string } {
  const width = Math.min(1, cut / aspect);
  const height = Math.min(1, aspect / cut);
  return { width: `${width * 100}%`, height: `${height * 100}%` };
}
