/** @file Train's right side: the progress of a training, its health, the chart, the previews and the copies. */
import { Button } from "@mantine/core";
import type { TrainSettings } from "@lexeme/domain/settings";
import { isFinished } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { retryLabel, savedStep } from "../../../parts/jobs/retry-label.ts";
import { actOnJob } from "../../../parts/jobs/job-actions.ts";
import { useJobProgress } from "../../../state/jobs.ts";
import { LogFold } from "../../../parts/jobs/log-fold.tsx";
import { Notice } from "../../../ui/feedback/notice.tsx";
import { CopyList } from "./copy-list.tsx";
import { Filmstrip } from "./filmstrip.tsx";
import { LossPanel } from "./loss/loss-panel.tsx";
import { NextStep } from "./next-step.tsx";
import { TrainingHeader } from "./training-header.tsx";
import { trainingHealth } from "./loss/training-health.ts";
import styles from "./training-result.module.css";

export function TrainingResult({ job }: { job: Job }): ReactNode {
  const settings = job.request.settings as TrainSettings;
  const progress = useJobProgress(job.id);
  const health = progress?.fixedLoss && trainingHealth(progress.fixedLoss);
  const copies = job.results.artifacts.filter((artifact) => artifact.kind === "copy");
  const previews = job.results.artifacts.filter((artifact) => artifact.kind === "preview");
  const lastStep = savedStep(job);
  const done = job.state === "done";

  return (
    <div className={styles["result"]}>
      <TrainingHeader job={job} settings={settings} progress={progress} />
      {health?.tone === "bad" && <Notice tone="warning">{health.sentence}</Notice>}
      {job.error && (
        <Notice
          tone="failure"
          action={
            <Button size="compact-sm" variant="default" onClick={() => void actOnJob("retryJob", job.id)}>
              {retryLabel(job)}
            </Button>
          }
        >
          {job.error.message}
        </Notice>
      )}
      {job.state === "cancelled" && (
        <Notice
          action={
            lastStep > 0 && (
              <Button size="compact-sm" variant="default" onClick={() => void actOnJob("retryJob", job.id)}>
                {retryLabel(job)}
              </Button>
            )
          }
        >
          {job.results.summary ??
            `Cancelled: the embedding is as it was before${lastStep > 0 ? ", the copies are kept" : ""}`}
        </Notice>
      )}
      {done && <NextStep name={settings.embeddingName} summary={job.results.summary} />}
      {job.results.warnings.map((warning) => (
        <Notice key={warning} tone="warning">
          {warning}
        </Notice>
      ))}
      {job.state !== "queued" && (
        <Filmstrip
          jobId={job.id}
          previews={previews}
          settings={settings}
          running={job.state === "running"}
          progress={progress}
        >
          <LossPanel jobId={job.id} running={job.state === "running"} />
        </Filmstrip>
      )}
      {copies.length > 0 && (
        <CopyList name={settings.embeddingName} copies={copies} previews={previews} usable={isFinished(job.state)} />
      )}
      {job.state !== "queued" && <LogFold key={job.id} jobId={job.id} />}
    </div>
  );
}
