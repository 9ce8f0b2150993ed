/** @file Train's right side: the history of the chosen embedding, and the training that writes it now. */
import { effectiveSize, type TrainSettings } from "@lexeme/domain/settings";
import type { JobProgress, MetricPoint } from "@lexeme/domain/jobs";
import type { EmbeddingHistory, HistoryRun, Job } from "@lexeme/protocol";
import { useMemo, useState, type ReactNode } from "react";
import { useRoute } from "../../../api/queries.ts";
import { useJobMetrics } from "../../../parts/jobs/job-metrics.ts";
import { LogFold } from "../../../parts/jobs/log-fold.tsx";
import { usePlacedFailure } from "../../../parts/jobs/use-placed-failure.ts";
import { useWholeJob } from "../../../parts/jobs/whole-job.ts";
import { trainForm } from "../../../state/forms.ts";
import { useJobProgress } from "../../../state/jobs.ts";
import { Notice } from "../../../ui/feedback/notice.tsx";
import { Waiting } from "../../../ui/feedback/waiting.tsx";
import { formatCount, formatWhen } from "../../../ui/text/format.ts";
import { Filmstrip, type FilmPreview } from "../run/filmstrip.tsx";
import { LossPanel } from "../run/loss/loss-panel.tsx";
import { lossSeries } from "../run/loss/loss-series.ts";
import { type FixedLossChange, trainingHealth } from "../run/loss/training-health.ts";
import { Health, TrainingHeader } from "../run/training-header.tsx";
import { CopyList } from "./copy-list.tsx";
import { EarlierRuns, NotTrained } from "./earlier-runs.tsx";
import { FailedTry, HistoryNotices } from "./history-notices.tsx";
import {
  branchSteps,
  firstFixedLoss,
  headRun,
  lineageOf,
  lineagePoints,
  lineagePreviews,
  otherPoints,
} from "./lineage.ts";
import { ownJobs, splitHistory } from "./own-history.ts";
import { RunList } from "./run-list.tsx";
import { stateText } from "./run-words.ts";
import { runOf, shownTraining } from "./shown-training.ts";
import styles from "../run/training-result.module.css";

const NO_POINTS: MetricPoint[] = [];

export interface WordHistoryProps {
  name: string;
  /** The embedding's trainings, newest first. */
  jobs: readonly Job[];
}

export function WordHistory({ name, jobs }: WordHistoryProps): ReactNode {
  const { data: history, error } = useRoute("getEmbeddingHistory", { params: { name } });
  const ofWord = history === undefined ? [] : ownJobs(history, jobs);
  usePlacedFailure(ofWord[0] ?? null, trainForm);
  if (history === undefined) return error ? <Notice tone="failure">{error.message}</Notice> : <Waiting />;
  const { job, failedTry } = shownTraining(ofWord, splitHistory(history).own);
  return <Shown name={name} job={job} failedTry={failedTry} jobs={ofWord} history={history} />;
}

interface ShownProps extends WordHistoryProps {
  job: Job | null;
  failedTry: Job | null;
  history: EmbeddingHistory;
}

function Shown({ name, job: listed, failedTry, jobs, history }: ShownProps): ReactNode {
  const job = useWholeJob(listed);
  // Another training is shown from its beginning, whichever run was looked at before.
  const [picked, setPicked] = useState<{ folder: string; jobId: string | null } | null>(null);
  const jobId = job?.id ?? null;
  const [compared, setCompared] = useState<[string | null, string | null] | null>(null);
  const progress = useJobProgress(jobId);
  const metrics = useJobMetrics(jobId);
  const settings = job === null ? null : (job.request.settings as TrainSettings);
  const { own, earlier } = useMemo(() => splitHistory(history), [history]);
  const run = job === null ? undefined : runOf(own, job.id);
  const pickedRun = history.runs.find(({ folder }) => picked?.jobId === jobId && folder === picked.folder);
  const head = pickedRun ?? run ?? headRun(own);
  const shown = head?.isEarlier === true ? earlier : own;
  const isHeadShown = head === undefined || head === run || (run === undefined && !head.isEarlier);
  const { parts, points, branches, previews } = useLine(shown, head, {
    live: isHeadShown ? metrics : NO_POINTS,
    jobs,
  });
  const fixedLoss = newestFixedLoss(shown, head, isHeadShown ? progress : null);
  const isLive = job?.state === "running" || job?.state === "queued";
  const isRunning = job?.state === "running";
  const size = settings ?? trainForm.read().values;
  const { runs } = shown;
  const onShow = (folder: string): void => setPicked({ folder, jobId });
  const onCompare = (path: string): void => setCompared([compared?.[0] ?? null, path]);

  return (
    <div className={styles["result"]}>
      {job === null && head === undefined && <NotTrained name={name} copiedFrom={history.copiedFrom} />}
      {job !== null && settings !== null && (isHeadShown || isLive) ? (
        <TrainingHeader job={job} settings={settings} progress={progress} fixedLoss={fixedLoss} />
      ) : (
        head && <RunHeader name={name} run={head} fixedLoss={fixedLoss} />
      )}
      {failedTry && <FailedTry job={failedTry} />}
      {isRunning && fixedLoss && trainingHealth(fixedLoss).tone === "bad" && (
        <Notice tone="warning">{trainingHealth(fixedLoss).sentence}</Notice>
      )}
      {job && (isHeadShown || isLive) && <HistoryNotices name={name} job={job} history={own} run={run} />}
      {(parts.length > 0 || isRunning) && (
        <Filmstrip
          previews={previews}
          comparable={runs.flatMap((one, i) =>
            one.previews.map(({ step, path }) => ({
              step,
              path,
              label: `${runs.length > 1 ? `Run ${i + 1}, step` : "Step"} ${formatCount(step)}`,
            })),
          )}
          compared={compared}
          onCompare={setCompared}
          aspect={effectiveSize(size.trainingWidth) / effectiveSize(size.trainingHeight)}
          training={isRunning && settings ? { jobId: job.id, every: settings.createImageEvery, progress } : null}
        >
          <LossPanel points={points} branches={branches} running={isRunning} />
        </Filmstrip>
      )}
      <CopyList name={name} history={own} usable={!isLive} onCompare={onCompare} />
      {head && <RunList runs={own.runs} shown={head.folder} onShow={onShow} />}
      <EarlierRuns
        name={name}
        history={earlier}
        shown={head?.folder ?? null}
        onShow={onShow}
        usable={!isLive}
        onCompare={onCompare}
      />
      {job !== null && job.state !== "queued" && <LogFold key={job.id} jobId={job.id} />}
    </div>
  );
}

/** The line of runs to `head`, its points and previews, and the losses outside the line. */
function useLine(
  history: EmbeddingHistory,
  head: HistoryRun | undefined,
  { live, jobs }: { live: readonly MetricPoint[]; jobs: readonly Job[] },
) {
  const line = useMemo(() => {
    const parts = head === undefined ? [] : lineageOf(history.runs, head);
    return {
      parts,
      previews: lineagePreviews(parts),
      branches: { others: otherPoints(history.runs, parts).map(lossSeries), marks: branchSteps(parts) },
    };
  }, [history, head]);
  const points = useMemo(() => lineagePoints(line.parts, live), [line, live]);
  const previews = useMemo((): FilmPreview[] => {
    const told = new Map(jobs.flatMap(({ results }) => results.artifacts.map((artifact) => [artifact.path, artifact])));
    return line.previews.map((preview) => ({ ...told.get(preview.path), ...preview }));
  }, [line, jobs]);
  return { ...line, points, previews };
}

/** The top line of a history whose jobs have left the list, or whose runs another program wrote. */
function RunHeader(props: { name: string; run: HistoryRun; fixedLoss: FixedLossChange | null }): ReactNode {
  const { name, run, fixedLoss } = props;
  return (
    <header className={styles["header"]}>
      <div className={styles["words"]}>
        <h2 className={styles["name"]}>{name}</h2>
        <p className={styles["numbers"]} role="status" data-testid="training-numbers">
          {run.isEarlier && `An earlier ${name} · `}
          {stateText(run)} · {formatWhen(run.endedAt ?? run.startedAt)}
        </p>
      </div>
      {fixedLoss && <Health fixedLoss={fixedLoss} isRunning={false} />}
    </header>
  );
}

/** The newest loss at fixed noise: of the training as it runs, else of the shown run. All of a history are compared with the same first one. */
function newestFixedLoss(
  history: EmbeddingHistory,
  run: HistoryRun | undefined,
  progress: JobProgress | null,
): FixedLossChange | null {
  const first = firstFixedLoss(history);
  if (progress?.fixedLoss) {
    const { before, now, step } = progress.fixedLoss;
    // Without an earlier loss in the history, the training's own first one counts.
    const start = first !== null && first.step < step ? first : { value: before, step: before === now ? step : 0 };
    return { start: start.value, startStep: start.step, now, step };
  }
  const last = run?.fixedLosses.findLast(({ isComparable }) => isComparable);
  // A single measurement says nothing about learning.
  if (last === undefined || first === null || first.step === last.step) return null;
  return { start: first.value, startStep: first.step, now: last.value, step: last.step };
}
