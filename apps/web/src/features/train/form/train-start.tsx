/** @file Train's start button, and the line that says what a training will do, or why it cannot start. */
import { embeddingReplaced, isFinished } from "@lexeme/domain/jobs";
import type { TrainSettings } from "@lexeme/domain/settings";
import { Button } from "@mantine/core";
import type { Job } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { useWords } from "../../../parts/embeddings/embedding-words.ts";
import { useTrainingMemory } from "../../../parts/forecasts/memory-forecast.ts";
import { trainingSeconds } from "../../../parts/forecasts/measured-rate.ts";
import { useFirstError, useSettledForm } from "../../../parts/form/use-form.ts";
import { useJobStarter } from "../../../parts/jobs/job-actions.ts";
import { trainForm } from "../../../state/forms.ts";
import { useJobList } from "../../../state/jobs.ts";
import { messageOf } from "../../../ui/feedback/message-of.ts";
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
  const { embedding, embeddingStep, from } = useBeginning();
  const { isKnown } = useWords();
  const formError = useFirstError(trainForm);
  const problem = starter.problem ?? blockingFault(values) ?? formError ?? memory.problem;

  function blockingFault({ learnRate, steps, embeddingName, dataRoot }: TrainSettings): string | null {
    if (readScheduleFrom({ learnRate, steps }, from).fault) return "The learning rate cannot be read yet";
    if (embedding?.misfitReason) return `${embedding.name} does not fit the chosen checkpoint`;
    if (from >= steps)
      return `Step ${formatCount(from)} is reached already: raise Max steps, or create the embedding again`;
    if (isKnown && embeddingName !== "" && embedding === undefined)
      return `There is no embedding “${embeddingName}” any more: choose another one`;
    if (dataRoot !== "" && dataset.error !== null) return `Dataset directory: ${messageOf(dataset.error)}`;
    if (dataset.data?.pictures.length === 0) return "There are no pictures in the dataset directory";
    return null;
  }

  // What is missing cannot come back by itself while the form is sent; the other faults may be typed away a moment before the press.
  const isMissing =
    (dataset.error !== null && values.dataRoot !== "") ||
    (isKnown && values.embeddingName !== "" && embedding === undefined);
  const twin = useUnfinished(values.embeddingName);

  /** Starts a training. A chosen copy is used for this training only; the next training continues from the embedding. */
  function start(): void {
    const ready = trainForm.submit();
    // The line waits for a pause in typing, so the button may be pressed before the line is up to date.
    if (ready === null || blockingFault(ready) !== null) return;
    void starter.start({ kind: "train-embedding", settings: ready }).then((job) => {
      if (job !== null && ready.resumeFrom !== null) trainForm.patch({ resumeFrom: null });
    });
    showResults();
  }

  return (
    <StartBar
      label={twin === null ? "Train Embedding" : twinLabel(twin)}
      busy={starter.busy}
      disabled={twin !== null || isMissing}
      aside={
        twin !== null && (
          <Button size="md" variant="default" disabled={problem !== null || starter.busy} onClick={start}>
            Queue another
          </Button>
        )
      }
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
          replacedStep: values.resumeFrom !== null && embeddingStep > 0 ? embeddingStep : null,
          embeddingFile: embedding === undefined ? null : baseName(embedding.path),
        })
      }
    />
  );
}

/** The running training of the embedding, else a waiting one; null if there is neither. */
function useUnfinished(name: string): Job | null {
  const jobs = useJobList(({ state, request }) => !isFinished(state) && embeddingReplaced(request) === name);
  return jobs.find(({ state }) => state === "running") ?? jobs[0] ?? null;
}

function twinLabel({ state, request }: Job): string {
  const name = embeddingReplaced(request) ?? "";
  return state === "running" ? `${name} is being trained` : `${name} waits to be trained`;
}
