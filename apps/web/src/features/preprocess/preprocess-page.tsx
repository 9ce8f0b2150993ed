/** @file The tab Preprocess: cut pictures to size, then caption them. */
import { Button, Progress, SegmentedControl } from "@mantine/core";
import { effectiveSize, type PreprocessSettings } from "@lexeme/domain/settings";
import { isFinished } from "@lexeme/domain/jobs";
import { fromWireError, type Job } from "@lexeme/protocol";
import { useEffect, useState, type ReactNode } from "react";
import { useWholeJob } from "../../parts/jobs/whole-job.ts";
import { useJobStarter } from "../../parts/jobs/job-actions.ts";
import { refresh, useRoute, useSystem } from "../../api/queries.ts";
import { preprocessForm } from "../../state/forms.ts";
import { useJobProgress, useLatestJob } from "../../state/jobs.ts";
import { useSettledForm } from "../../parts/form/use-form.ts";
import { setSession, useSession } from "../../state/session.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { baseName, joinPath } from "../../ui/text/folder-path.ts";
import { formatCount, formatPlural } from "../../ui/text/format.ts";
import { PictureIcon } from "../../ui/icons/icons.tsx";
import { Notice } from "../../ui/feedback/notice.tsx";
import { StartBar } from "../../ui/layout/start-bar.tsx";
import { TabLayout } from "../../ui/layout/tab-layout.tsx";
import { CaptionBoard } from "./captions/caption-board.tsx";
import styles from "./preprocess-page.module.css";
import { PreprocessSettingsFields } from "./preprocess-settings.tsx";
import { SkippedFiles } from "./skipped-files.tsx";
import { SourcePictures } from "./source-pictures.tsx";
import { startLine } from "./start-line.ts";
import { useUpload, type UploadState } from "./use-upload.ts";

export function PreprocessPage(): ReactNode {
  const { values, settings: valid } = useSettledForm(preprocessForm);
  const system = useSystem().data;
  const { processSrc, processDst } = values;
  useProposedDestination(system?.folders.datasets ?? null, processSrc);
  const [view, setView] = useState<"source" | "prepared" | null>(null);
  const upload = useUpload((folder) => {
    preprocessForm.patch({ processSrc: folder });
    setView("source");
  });
  const source = useRoute("getDataset", processSrc === "" ? null : { query: { path: processSrc } });
  const prepared = useRoute("getDataset", processDst === "" ? null : { query: { path: processDst } });
  const job = useWholeJob(
    useLatestJob(
      "preprocess",
      ({ request }) => request.kind === "preprocess" && request.settings.processDst === processDst,
    ),
  );
  const running = job !== null && (job.state === "running" || job.state === "queued");
  const preparedCount = prepared.data?.pictures.length ?? 0;
  const shown = view ?? (preparedCount > 0 ? "prepared" : "source");
  const watch = useWhenFinished(job, ({ state, error }) => {
    if (state === "failed" && error !== null) preprocessForm.placeError(fromWireError(error));
    if (state !== "done") return;
    setView("prepared");
    setSession({ dataset: processDst });
    void refresh("getDataset", "listFolder");
  });

  const starter = useJobStarter(preprocessForm);
  async function onStart(): Promise<void> {
    const settings = preprocessForm.submit();
    const started = settings === null ? null : await starter.start({ kind: "preprocess", settings });
    if (started !== null) watch(started.id);
  }

  return (
    <TabLayout
      title="Preprocess"
      settings={
        <PreprocessSettingsFields
          datasetsFolder={system?.folders.datasets ?? ""}
          sourceProblem={source.isError ? source.error.message : null}
          onUpload={upload.pick}
        />
      }
      start={
        <StartBar
          label="Preprocess"
          onStart={() => void onStart()}
          busy={starter.busy || running}
          line={startLine({
            values,
            valid: valid !== null,
            sourceCount: source.data?.pictures.length ?? null,
            preparedCount,
            problem: starter.problem,
          })}
          tone={starter.problem === null ? "plain" : "problem"}
        />
      }
    >
      {upload.hovering ? <div className={styles["drop"]}>Drop to upload</div> : null}
      <UploadProgress upload={upload} />
      <SkippedFiles skipped={upload.refused} verb="refused" />
      {running ? <RunningPreprocess job={job} /> : null}
      {job?.state === "failed" && job.error !== null ? <Notice tone="failure">{job.error.message}</Notice> : null}
      {processSrc !== "" && preparedCount > 0 ? (
        <SegmentedControl
          className={styles["views"] ?? ""}
          aria-label="Pictures to show"
          value={shown}
          onChange={(value) => setView(value)}
          data={[
            { value: "source", label: `Source (${formatCount(source.data?.pictures.length ?? 0)})` },
            { value: "prepared", label: `Prepared (${formatCount(preparedCount)})` },
          ]}
        />
      ) : null}
      {shown === "prepared" && prepared.data ? (
        <CaptionBoard dataset={prepared.data} job={job} />
      ) : processSrc === "" ? (
        <EmptyState
          icon={<PictureIcon />}
          title="No pictures chosen"
          action={<Button onClick={upload.pick}>Upload pictures</Button>}
        >
          Choose a folder of the server, or drop pictures anywhere on this page. Five to twenty varied pictures teach a
          word well.
        </EmptyState>
      ) : source.data === undefined ? null : source.data.pictures.length === 0 && source.data.broken.length === 0 ? (
        <EmptyState icon={<PictureIcon />} title="No pictures in this folder">
          {processSrc}
        </EmptyState>
      ) : (
        <SourcePictures dataset={source.data} cutAspect={cutAspect(values)} />
      )}
    </TabLayout>
  );
}

/** Width over height that every picture is cut to; null if each picture has its own. */
function cutAspect(settings: PreprocessSettings): number | null {
  const { processFocalCrop, processSplit, processKeepOriginalSize, processWidth, processHeight } = settings;
  if (processFocalCrop || processSplit || processKeepOriginalSize) return null;
  return effectiveSize(processWidth) / effectiveSize(processHeight);
}

/** Proposes a folder named after the embedding, or after the source, as long as the user chose no other folder. */
function useProposedDestination(datasets: string | null, source: string): void {
  const embedding = useSession((state) => state.embedding);
  useEffect(() => {
    if (datasets === null) return;
    const name = embedding ?? (source === "" ? null : baseName(source));
    if (name !== null) preprocessForm.setDefaults({ processDst: joinPath(datasets, name) });
  }, [datasets, embedding, source]);
}

/** Calls `onFinished` once when a job ends that was seen unfinished, or whose id was given to the returned function. */
function useWhenFinished(job: Job | null, onFinished: (job: Job) => void): (jobId: string) => void {
  const [watched, setWatched] = useState<string | null>(null);
  useEffect(() => {
    if (job === null) return;
    if (!isFinished(job.state)) {
      setWatched(job.id);
    } else if (watched === job.id) {
      setWatched(null);
      onFinished(job);
    }
    // `onFinished` is a new function at every drawing and does the same each time.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [job, watched]);
  return setWatched;
}

function UploadProgress({ upload }: { upload: UploadState }): ReactNode {
  if (upload.part === null) return null;
  return (
    <div className={styles["progress"]}>
      <span>Uploading {formatPlural(upload.count, "file")}</span>
      <Progress value={upload.part * 100} aria-label="Upload" />
    </div>
  );
}

function RunningPreprocess({ job }: { job: Job }): ReactNode {
  const progress = useJobProgress(job.id);
  const [step, steps] = [progress?.step ?? 0, progress?.steps ?? 0];
  return (
    <div className={styles["progress"]} role="status">
      <span className="lx-numbers">
        {steps === 0 ? "Starting" : `${formatCount(step)} of ${formatPlural(steps, "picture")} done`}
      </span>
      <Progress value={steps === 0 ? 0 : (100 * step) / steps} aria-label="Preprocessing" />
    </div>
  );
}
