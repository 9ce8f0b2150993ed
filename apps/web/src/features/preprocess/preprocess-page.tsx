/** @file The tab Preprocess: cut pictures to size, then caption them. */
import { Button, Progress, SegmentedControl } from "@mantine/core";
import { effectiveSize, type PreprocessSettings } from "@lexeme/domain/settings";
import { fromWireError, type Job } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import { useFileWait } from "../../parts/jobs/file-wait.ts";
import { useLastNews } from "../../parts/jobs/last-news.ts";
import { SpokenProgress } from "../../parts/jobs/spoken-progress.tsx";
import { useWholeJob } from "../../parts/jobs/whole-job.ts";
import { useJobStarter } from "../../parts/jobs/job-actions.ts";
import { refresh, useSystem } from "../../api/queries.ts";
import { preprocessForm } from "../../state/forms.ts";
import { useJobProgress, useLatestJob } from "../../state/jobs.ts";
import { useFolderPictures } from "../../parts/folders/use-folder-pictures.ts";
import { useSettledForm } from "../../parts/form/use-form.ts";
import { sessionStore, setSession } from "../../state/session.ts";
import { rememberDataset } from "../../state/training-choice.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
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
import { usePreprocessPlan } from "./use-preprocess-plan.ts";
import { useProposedDestination } from "./use-proposed-destination.ts";
import { useUpload, type UploadState } from "./use-upload.ts";
import { DropCurtain } from "../../ui/overlays/drop-curtain.tsx";
import { useWhenFinished } from "./use-when-finished.ts";

export function PreprocessPage(): ReactNode {
  const { values, settings } = useSettledForm(preprocessForm);
  const system = useSystem().data;
  const { processSrc, processDst } = values;
  useProposedDestination(processSrc);
  const [view, setView] = useState<"source" | "prepared" | null>(null);
  const source = useFolderPictures(processSrc);
  const isUpload = source.data?.isUpload === true;
  const upload = useUpload({ source: processSrc, into: isUpload ? processSrc : null }, (folder) => {
    preprocessForm.patch({ processSrc: folder });
    setView("source");
  });
  const prepared = useFolderPictures(processDst);
  const job = useWholeJob(
    useLatestJob(
      "preprocess",
      ({ request }) => request.kind === "preprocess" && request.settings.processDst === processDst,
    ),
  );
  const starter = useJobStarter(preprocessForm);
  // A source that cannot be read is told by its own list.
  const { plan, problems, isDestinationOutside, fault } = usePreprocessPlan(
    source.data === undefined ? null : settings,
  );
  const problem = starter.problem ?? fault;
  const hasFault =
    source.error !== null || Object.keys(problems).length > 0 || typeof plan?.destinationFault === "string";
  const isDone =
    job?.state === "done" &&
    JSON.stringify(job.request.settings) === JSON.stringify(settings) &&
    // More pictures may be in the source since.
    job.results.written === plan?.pictures;
  const running = job !== null && (job.state === "running" || job.state === "queued");
  const preparedCount = prepared.data?.pictures.length ?? 0;
  const shown = view ?? (preparedCount > 0 ? "prepared" : "source");
  const watch = useWhenFinished(job, ({ state, error }) => {
    if (state === "failed" && error !== null) preprocessForm.placeError(fromWireError(error));
    if (state !== "done") return;
    setView("prepared");
    setSession({ dataset: processDst });
    void refresh("getDataset", "listFolder", "planPreprocess");
  });

  async function onStart(): Promise<void> {
    const submitted = preprocessForm.submit();
    const started = submitted === null ? null : await starter.start({ kind: "preprocess", settings: submitted });
    if (started === null) return;
    const { embedding } = sessionStore.getState();
    setSession({ preparedWord: embedding });
    if (embedding !== null) rememberDataset(embedding, processDst);
    watch(started.id);
  }

  return (
    <TabLayout
      title="Preprocess"
      startGivesWay
      settings={
        <PreprocessSettingsFields
          datasetsFolder={system?.folders.datasets ?? ""}
          sourceProblem={problems.processSrc ?? source.error?.message}
          destinationProblem={problems.processDst}
          isDestinationOutside={isDestinationOutside}
          destinationNote={isDone ? undefined : (plan?.destinationFault ?? undefined)}
          isOutside={source.error?.code === "PATH_OUTSIDE"}
          existing={prepared.data?.pictures.length ?? null}
          isUpload={isUpload}
          onUpload={upload.pick}
        />
      }
      start={
        <StartBar
          label="Preprocess"
          onStart={() => void onStart()}
          busy={starter.busy || running}
          // A known fault makes the button wait. While the plan is being read, a press is not lost: the server checks the same.
          disabled={settings !== null && hasFault}
          line={startLine({
            values,
            valid: settings !== null && source.error === null && Object.keys(problems).length === 0,
            plan,
            problem,
            isDone,
          })}
          tone={problem === null ? "plain" : "problem"}
        />
      }
    >
      {upload.hovering ? <DropCurtain>Drop to upload</DropCurtain> : null}
      <UploadProgress upload={upload} />
      {upload.folder === processSrc ? <SkippedFiles skipped={upload.refused} verb="refused" /> : null}
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
  const fileWait = useFileWait(job.state === "running" ? progress : null);
  const lastNews = useLastNews();
  const [step, steps] = [progress?.step ?? 0, progress?.steps ?? 0];
  const line = steps === 0 ? "Starting" : `${formatCount(step)} of ${formatPlural(steps, "picture")} done`;
  return (
    <div className={styles["progress"]}>
      <span className="lx-numbers">{fileWait ?? lastNews(line)}</span>
      <SpokenProgress job={job} progress={progress} text={line} />
      <Progress value={steps === 0 ? 0 : (100 * step) / steps} aria-label="Preprocessing" />
    </div>
  );
}
