/** @file The previews of a training by step: the newest large beside the chart, all as a strip below, or two of them compared. */
import { Button } from "@mantine/core";
import { effectiveSize, type TrainSettings } from "@lexeme/domain/settings";
import type { Artifact, JobProgress } from "@lexeme/domain/jobs";
import { useState, type CSSProperties, type ReactNode } from "react";
import { fileUrl, thumbnailUrl } from "../../../api/client.ts";
import { useJobPreview } from "../../../state/jobs.ts";
import { formatCount } from "../../../ui/text/format.ts";
import { PictureTile } from "../../../parts/pictures/picture-tile.tsx";
import { PictureViewer } from "../../../parts/pictures/picture-viewer.tsx";
import { Section } from "../../../ui/layout/tab-layout.tsx";
import { ComparePreviews } from "./compare-previews.tsx";
import styles from "./filmstrip.module.css";

export interface FilmstripProps {
  jobId: string;
  /** Oldest first. */
  previews: readonly Artifact[];
  settings: TrainSettings;
  running: boolean;
  progress: JobProgress | null;
  /** The loss chart, which stands beside the newest preview. */
  children: ReactNode;
}

export function Filmstrip({ children, ...props }: FilmstripProps): ReactNode {
  const { previews, settings } = props;
  const [viewed, setViewed] = useState<number | null>(null);
  const [comparing, setComparing] = useState(false);
  const aspect = effectiveSize(settings.trainingWidth) / effectiveSize(settings.trainingHeight);
  if (settings.createImageEvery === 0 && previews.length === 0) return children;
  const two = previews.length > 1;

  return (
    <div className={styles["board"]} style={{ "--film-aspect": String(aspect) } as CSSProperties}>
      <div className={styles["film"]}>
        <div className={styles["beside"]}>{children}</div>
        <Section
          title="Previews"
          aside={
            two && (
              <Button
                size="compact-xs"
                variant="default"
                aria-pressed={comparing}
                onClick={() => setComparing(!comparing)}
              >
                {comparing ? "Show the newest" : "Compare two"}
              </Button>
            )
          }
        >
          {comparing && two ? (
            <ComparePreviews previews={previews} aspect={aspect} />
          ) : (
            <Newest {...props} aspect={aspect} onOpen={() => setViewed(previews.length - 1)} />
          )}
        </Section>
      </div>
      {two && (
        <ol className={styles["strip"]} aria-label="Previews by step, newest first">
          {previews
            .map((preview, i) => (
              <li key={preview.path}>
                <PictureTile
                  src={thumbnailUrl(preview.path, 192)}
                  alt={altOf(preview)}
                  aspect={aspect}
                  onClick={() => setViewed(i)}
                />
                <span>{formatCount(preview.step ?? 0)}</span>
              </li>
            ))
            .toReversed()}
        </ol>
      )}
      <PictureViewer
        pictures={previews.map((preview) => ({
          path: preview.path,
          alt: altOf(preview),
          width: preview.width,
          height: preview.height,
          text: `Step ${formatCount(preview.step ?? 0)}${preview.infotext === undefined ? "" : `\n${preview.infotext}`}`,
        }))}
        index={viewed}
        onIndex={setViewed}
      />
    </div>
  );
}

function Newest(props: Omit<FilmstripProps, "children"> & { aspect: number; onOpen: () => void }): ReactNode {
  const { jobId, previews, settings, running, progress, aspect, onOpen } = props;
  const live = useJobPreview(jobId);
  const newest = previews.at(-1);
  // The last unfinished preview stays in the store until the next preview begins; during training steps the finished picture is newer.
  const drawing = running && live !== null && live.step < live.steps && progress?.phase !== "training";
  return (
    <figure className={styles["newest"]}>
      {drawing ? (
        <PictureTile src={live.dataUrl} alt="The unfinished preview" aspect={aspect} />
      ) : newest ? (
        <PictureTile src={fileUrl(newest.path)} alt={altOf(newest)} aspect={aspect} onClick={onOpen} />
      ) : (
        <div className={styles["empty"]}>{emptyText(settings, { running, step: progress?.step ?? 0 })}</div>
      )}
      <figcaption>{drawing ? "Drawing a preview" : newest && `Step ${formatCount(newest.step ?? 0)}`}</figcaption>
    </figure>
  );
}

function emptyText({ createImageEvery }: TrainSettings, now: { running: boolean; step: number }): string {
  if (!now.running) return "No preview was drawn";
  return `The first preview comes at step ${formatCount((Math.floor(now.step / createImageEvery) + 1) * createImageEvery)}`;
}

function altOf(preview: Artifact): string {
  return `Preview at step ${formatCount(preview.step ?? 0)}`;
}
