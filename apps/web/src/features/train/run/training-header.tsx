/** @file The line of numbers at the top of a training, and the buttons that end it. */
import { Button, Modal } from "@mantine/core";
import type { TrainSettings } from "@lexeme/domain/settings";
import { countsSteps, isFinished, PHASE_TEXTS, type JobProgress } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import { useFileWait } from "../../../parts/jobs/file-wait.ts";
import { useLastNews } from "../../../parts/jobs/last-news.ts";
import { SpokenProgress } from "../../../parts/jobs/spoken-progress.tsx";
import { actOnJob } from "../../../parts/jobs/job-actions.ts";
import {
  formatCount,
  formatDate,
  formatDuration,
  formatPlural,
  formatRate,
  formatWhen,
} from "../../../ui/text/format.ts";
import { FixedLossText } from "./loss/fixed-loss-text.tsx";
import { endedHealth, figuresText, trainingHealth, type FixedLossChange } from "./loss/training-health.ts";
import styles from "./training-result.module.css";

export interface TrainingHeaderProps {
  job: Job;
  settings: TrainSettings;
  progress: JobProgress | null;
  /** The newest loss at fixed noise; null before the first. */
  fixedLoss: FixedLossChange | null;
}

export function TrainingHeader({ job, settings, progress, fixedLoss }: TrainingHeaderProps): ReactNode {
  const [asking, setAsking] = useState(false);
  const running = job.state === "running";
  const lastNews = useLastNews();
  const line = topLine(job, progress);
  const step = useNewestStep(job, progress);
  const fileWait = useFileWait(running ? progress : null);
  const isShown = progress !== null && (running || countsSteps(progress.phase));
  const part = isShown && progress.steps > 0 ? Math.min(1, progress.step / progress.steps) : 0;
  return (
    <header className={styles["header"]}>
      <div className={styles["top"]}>
        <div className={styles["words"]}>
          <h2 className={styles["name"]}>{settings.embeddingName}</h2>
          <p
            className={styles["numbers"]}
            data-testid="training-numbers"
            title={job.finishedAt === null ? undefined : formatDate(job.finishedAt)}
          >
            {[running ? lastNews(line) : line, fileWait].filter((text) => text !== null).join(" · ")}
          </p>
          <SpokenProgress job={job} progress={progress} text={line} />
        </div>
        {!isFinished(job.state) && (
          <div className={styles["buttons"]}>
            {running && (
              <Button
                variant="default"
                disabled={job.stopping}
                title="Finishes the step and saves the learned vectors"
                onClick={() => void actOnJob("stopJob", job.id)}
              >
                {job.stopping ? "Stopping" : "Stop"}
              </Button>
            )}
            <Button
              variant="subtle"
              color="gray"
              onClick={() => (running ? setAsking(true) : void actOnJob("cancelJob", job.id))}
            >
              Cancel
            </Button>
          </div>
        )}
      </div>
      <div
        className={styles["bar"]}
        role="progressbar"
        aria-label="Training"
        aria-valuenow={Math.round(part * 100)}
        data-state={job.state}
      >
        <i style={{ transform: `scaleX(${part})` }} />
      </div>
      {(running || fixedLoss !== null) && <Health fixedLoss={fixedLoss} isRunning={running} />}
      {running && <StepLine step={step} />}
      <Modal opened={asking && running} onClose={() => setAsking(false)} title="Cancel this training?">
        <p className={styles["ask"]}>
          The embedding stays as it was before the training. All learning since the last copy is lost. <b>Stop</b> would
          keep it.
        </p>
        <div className={styles["askButtons"]}>
          <Button variant="default" onClick={() => setAsking(false)}>
            Go on training
          </Button>
          <Button
            color="red.9"
            onClick={() => {
              setAsking(false);
              void actOnJob("cancelJob", job.id);
            }}
          >
            Cancel training
          </Button>
        </div>
      </Modal>
    </header>
  );
}

/** The newest progress that has a step's figures. They stay while a preview is drawn or a copy is saved, so that nothing below moves. */
function useNewestStep(job: Job, progress: JobProgress | null): JobProgress | null {
  const [newest, setNewest] = useState<{ jobId: string; step: JobProgress } | null>(null);
  const isStep = progress?.loss !== undefined;
  if (isStep && (newest?.step !== progress || newest.jobId !== job.id)) setNewest({ jobId: job.id, step: progress });
  if (isStep) return progress;
  return job.state === "running" && newest?.jobId === job.id ? newest.step : null;
}

/** Whether the word learns. The line is there before its words, so that nothing below moves when they come. */
export function Health(props: { fixedLoss: FixedLossChange | null; isRunning: boolean }): ReactNode {
  const { fixedLoss, isRunning } = props;
  const health = fixedLoss && (isRunning ? trainingHealth(fixedLoss) : endedHealth(fixedLoss));
  return (
    <p className={styles["health"]} data-tone={health?.tone} data-testid="health">
      {fixedLoss && health && <FixedLossText sentence={health.sentence} figures={figuresText(fixedLoss)} />}
    </p>
  );
}

/** The epoch and the prompt of the newest step; the loss and the rate stand over the chart. */
function StepLine({ step }: { step: JobProgress | null }): ReactNode {
  const epoch = step?.epoch === undefined ? "" : `Epoch ${formatCount(step.epoch)} · `;
  return (
    <p className={styles["prompt"]} title={step?.prompt}>
      {step?.prompt !== undefined && `${epoch}“${step.prompt}”`}
    </p>
  );
}

/** "1,240 of 5,000 steps · 2.4 s/step · 2 h 31 min left" */
export function topLine(job: Job, progress: JobProgress | null): string {
  if (job.state === "queued") return job.attempt > 1 ? "Waiting to go on" : "Waiting for its turn";
  const isInSteps = progress !== null && countsSteps(progress.phase);
  const what = isInSteps ? "step" : "picture";
  const steps = progress && `${formatCount(progress.step)} of ${formatPlural(progress.steps, what)}`;
  if (job.state !== "running") {
    const took = job.startedAt !== null && job.finishedAt !== null ? (job.finishedAt - job.startedAt) / 1000 : null;
    return [
      job.state === "done" && progress !== null && progress.step < progress.steps ? "Stopped" : ENDED[job.state],
      isInSteps ? steps : null,
      took === null ? null : formatDuration(took),
      job.finishedAt === null ? null : formatWhen(job.finishedAt),
    ]
      .filter((part) => part !== null)
      .join(" · ");
  }
  if (progress === null) return "Starting";
  if (job.stopping) return "Stopping: finishing the step and saving the learned vectors";
  return [
    progress.phase === "training" ? null : PHASE_TEXTS[progress.phase],
    progress.steps > 0 ? steps : null,
    progress.secondsPerStep === null ? null : formatRate(progress.secondsPerStep),
    progress.etaSeconds === null ? null : `${formatDuration(progress.etaSeconds)} left`,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

const ENDED = { done: "Done", failed: "Failed", cancelled: "Cancelled" } as const;
