/** @file Train's start button, and the line that says what a training will do, or why it cannot start. */
import { isFinished } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { useTrainingMemory } from "../../../parts/forecasts/memory-forecast.ts";
import { trainingSeconds } from "../../../parts/forecasts/measured-rate.ts";
import { useFirstError, useSettledForm } from "../../../parts/form/use-form.ts";
import { useJobStarter } from "../../../parts/jobs/job-actions.ts";
import { trainForm } from "../../../state/forms.ts";
import { useJobList } from "../../../state/jobs.ts";
import { formatCount } from "../../../ui/text/format.ts";
import { baseName } from "../../../ui/text/folder-path.ts";
import { showResults } from "../../../ui/layout/show-results.ts";
import { StartBar } from "../../../ui/layout/start-bar.tsx";
import { useDataset } from "../dataset/use-dataset.ts";
import { readScheduleFrom } from "../schedule/schedule-reading.ts";
import { trainingLine } from "./training-forecast.ts";
import { useBeginning } from "./use-beginning.ts";

/** `jobs` are the trainings so far, newest first. */
export function TrainStart({ jobs }: { jobs: readonly Job[] }): ReactNode {
  const { values, settings } = useSettledForm(trainForm);
  const starter = useJobStarter(trainForm);
  const memory = useTrainingMemory(settings);
  const waitsFor = useJobList((job) => !isFinished(job.state) && job.lane === "device");
  const dataset = useDataset();
  const { embedding, from } = useBeginning();
  const formError = useFirstError(trainForm);
  const problem = starter.problem ?? blockingFault(values) ?? formError ?? memory.problem;

  function blockingFault({ learnRate, steps }: { learnRate: string; steps: number }): string | null {
    if (readScheduleFrom({ learnRate, steps }, from).fault) return "The learning rate cannot be read yet";
    if (embedding?.misfitReason) return `${embedding.name} does not fit the chosen checkpoint`;
    if (from >= steps)
      return `Step ${formatCount(from)} is reached already: raise Max steps, or create the embedding again`;
    if (dataset.data?.pictures.length === 0) return "There are no pictures in the dataset directory";
    return null;
  }

  function start(): void {
    const ready = trainForm.submit();
    // The line waits for a pause in typing, so the button may be pressed before the line is up to date.
    if (ready === null || blockingFault(ready) !== null) return;
    void starter.start({ kind: "train-embedding", settings: ready });
    showResults();
  }

  return (
    <StartBar
      label="Train Embedding"
      busy={starter.busy}
      onStart={start}
      tone={problem === null ? "plain" : "problem"}
      line={
        problem ??
        trainingLine({
          settings,
          from,
          scheduleEnd: readScheduleFrom(values, from).end,
          secondsFor: (steps) => (settings === null ? null : trainingSeconds(jobs, settings, steps)),
          memory: memory.text,
          waitsFor,
          embeddingFile: embedding === undefined ? null : baseName(embedding.path),
        })
      }
    />
  );
}
