/** @file The previews of a history by step: the newest large beside the chart, all as a strip below, or two of them compared. */
import { Button } from "@mantine/core";
import type { JobProgress } from "@lexeme/domain/jobs";
import { useState, type CSSProperties, type ReactNode } from "react";
import { fileUrl, thumbnailUrl } from "../../../api/client.ts";
import { useJobPreview } from "../../../state/jobs.ts";
import { formatCount } from "../../../ui/text/format.ts";
import { PictureTile } from "../../../parts/pictures/picture-tile.tsx";
import { PictureViewer } from "../../../parts/pictures/picture-viewer.tsx";
import { Section } from "../../../ui/layout/tab-layout.tsx";
import { ComparePreviews, type ComparablePreview } from "./compare-previews.tsx";
import styles from "./filmstrip.module.css";

export interface FilmPreview {
  step: number;
  path: string;
  width?: number | undefined;
  height?: number | undefined;
  infotext?: string | undefined;
}

/** A running training that draws previews. */
export interface DrawingTraining {
  jobId: string;
  /** Steps between two previews; 0 for none. */
  every: number;
  progress: JobProgress | null;
}

export interface FilmstripProps {
  /** Oldest first. */
  previews: readonly FilmPreview[];
  /** Previews of all runs, from which two are compared. */
  comparable: readonly ComparablePreview[];
  /** Paths of the two compared previews; null while the newest preview is shown. */
  compared: readonly [string | null, string | null] | null;
  onCompare: (compared: [string | null, string | null] | null) => void;
  /** Width over height. */
  aspect: number;
  training: DrawingTraining | null;
  /** The loss chart, which stands beside the newest preview. */
  children: ReactNode;
}

export function Filmstrip({ children, ...props }: FilmstripProps): ReactNode {
  const { previews, comparable, compared, onCompare, aspect, training } = props;
  const [viewed, setViewed] = useState<number | null>(null);
  if ((training?.every ?? 0) === 0 && previews.length === 0) return children;
  const canCompare = comparable.length > 1;

  return (
    <div className={styles["board"]} style={{ "--film-aspect": String(aspect) } as CSSProperties}>
      <div className={styles["film"]}>
        <div className={styles["beside"]}>{children}</div>
        <Section
          title="Previews"
          aside={
            canCompare && (
              <Button
                size="compact-xs"
                variant="default"
                aria-pressed={compared !== null}
                onClick={() => onCompare(compared === null ? [null, null] : null)}
              >
                {compared === null ? "Compare two" : "Show the newest"}
              </Button>
            )
          }
        >
          {compared !== null && canCompare ? (
            <ComparePreviews previews={comparable} paths={compared} onPaths={onCompare} aspect={aspect} />
          ) : (
            <Newest
              previews={previews}
              training={training}
              aspect={aspect}
              onOpen={() => setViewed(previews.length - 1)}
            />
          )}
        </Section>
      </div>
      {previews.length > 1 && (
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
                <span>{formatCount(preview.step)}</span>
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
          text: `Step ${formatCount(preview.step)}${preview.infotext === undefined ? "" : `\n${preview.infotext}`}`,
        }))}
        index={viewed}
        onIndex={setViewed}
      />
    </div>
  );
}

type NewestProps = Pick<FilmstripProps, "previews" | "training" | "aspect"> & { onOpen: () => void };

function Newest({ previews, training, aspect, onOpen }: NewestProps): ReactNode {
  const live = useJobPreview(training?.jobId ?? null);
  const newest = previews.at(-1);
  const progress = training?.progress;
  // The last unfinished preview stays in the store until the next preview begins; during training steps the finished picture is newer.
  const drawing = training !== null && live !== null && live.step < live.steps && progress?.phase !== "training";
  return (
    <figure className={styles["newest"]}>
      {drawing ? (
        <PictureTile src={live.dataUrl} alt="The unfinished preview" aspect={aspect} />
      ) : newest ? (
        <PictureTile src={fileUrl(newest.path)} alt={altOf(newest)} aspect={aspect} onClick={onOpen} />
      ) : (
        <div className={styles["empty"]}>The first preview is drawn before the first step</div>
      )}
      <figcaption>{drawing ? "Drawing a preview" : newest && `Step ${formatCount(newest.step)}`}</figcaption>
    </figure>
  );
}

function altOf({ step }: FilmPreview): string {
  return `Preview at step ${formatCount(step)}`;
}
