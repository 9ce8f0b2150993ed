/** @file The previews of a training by step: the newest large, all as a strip, two compared under a slider. */
import { Button } from "@mantine/core";
import { effectiveSize, type Artifact, type JobProgress, type TrainSettings } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import { fileUrl, thumbnailUrl } from "../../api/client.ts";
import { useJobPreview } from "../../state/jobs.ts";
import { formatCount } from "../../ui/format.ts";
import { PictureTile } from "../../ui/picture-tile.tsx";
import { PictureViewer } from "../../ui/picture-viewer.tsx";
import { Section } from "../../ui/tab-layout.tsx";
import { ComparePreviews } from "./compare-previews.tsx";
import styles from "./filmstrip.module.css";

export interface FilmstripProps {
  jobId: string;
  /** Oldest first. */
  previews: readonly Artifact[];
  settings: TrainSettings;
  running: boolean;
  progress: JobProgress | null;
}

export function Filmstrip({ jobId, previews, settings, running, progress }: FilmstripProps): ReactNode {
  const live = useJobPreview(jobId);
  const [viewed, setViewed] = useState<number | null>(null);
  const [comparing, setComparing] = useState(false);
  const newest = previews.at(-1);
  const aspect = effectiveSize(settings.trainingWidth) / effectiveSize(settings.trainingHeight);
  const drawing = running && live !== null && progress?.phase !== "Training";

  if (settings.createImageEvery === 0 && previews.length === 0) return null;
  return (
    <Section
      title="Previews"
      aside={
        previews.length > 1 && (
          <Button size="compact-xs" variant="default" aria-pressed={comparing} onClick={() => setComparing(!comparing)}>
            {comparing ? "Show the newest" : "Compare two"}
          </Button>
        )
      }
    >
      <div className={styles["film"]} style={{ "--film-aspect": String(aspect) } as React.CSSProperties}>
        {comparing && previews.length > 1 ? (
          <ComparePreviews previews={previews} aspect={aspect} />
        ) : (
          <figure className={styles["newest"]}>
            {drawing ? (
              <PictureTile src={live.dataUrl} alt="The unfinished preview" aspect={aspect} />
            ) : newest ? (
              <PictureTile
                src={fileUrl(newest.path)}
                alt={`Preview at step ${newest.step ?? 0}`}
                aspect={aspect}
                onClick={() => setViewed(previews.length - 1)}
              />
            ) : (
              <div className={styles["empty"]}>
                {running
                  ? `The first comes at step ${formatCount(nextPreview(settings, progress?.step ?? 0))}`
                  : "No preview was drawn"}
              </div>
            )}
            <figcaption>{drawing ? "Drawing a preview" : newest && `Step ${formatCount(newest.step ?? 0)}`}</figcaption>
          </figure>
        )}
        <ol className={styles["strip"]} aria-label="Previews by step, newest first">
          {previews
            .map((preview, i) => (
              <li key={preview.path}>
                <PictureTile
                  src={thumbnailUrl(preview.path, 192)}
                  alt={`Preview at step ${preview.step ?? 0}`}
                  aspect={aspect}
                  onClick={() => setViewed(i)}
                />
                <span>{formatCount(preview.step ?? 0)}</span>
              </li>
            ))
            .toReversed()}
        </ol>
      </div>
      <PictureViewer
        pictures={previews.map((preview) => ({
          path: preview.path,
          alt: `Preview at step ${preview.step ?? 0}`,
          width: preview.width,
          height: preview.height,
          text: `Step ${formatCount(preview.step ?? 0)}${preview.infotext === undefined ? "" : `\n${preview.infotext}`}`,
        }))}
        index={viewed}
        onIndex={setViewed}
      />
    </Section>
  );
}

function nextPreview(settings: TrainSettings, step: number): number {
  return (Math.floor(step / settings.createImageEvery) + 1) * settings.createImageEvery;
}
