/** @file Train's start button, and the line that says what a training will do, or why it cannot start. */
import { embeddingReplaced, isFinished } from "@lexeme/domain/jobs";
import type { TrainSettings } from "@lexeme/domain/settings";
import { Button } from "@mantine/core";
import type { Job } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { useRoute } from "../../../api/queries.ts";
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
import { templateFault } from "../dataset/template-field.tsx";
import { useDataset } from "../dataset/use-dataset.ts";
import { readScheduleFrom } from "../schedule/schedule-reading.ts";
import { reachedEnd } from "./reached-end.ts";
import { trainingLine } from "./training-forecast.ts";
import { useBeginning } from "./use-beginning.ts";

type CheckedFields = Pick<TrainSettings, "learnRate" | "steps" | "embeddingName" | "dataRoot" | "templateFilename">;

/** `jobs` are the trainings so far, newest first. */
export function TrainStart({ jobs }: { jobs: readonly Job[] }): ReactNode {
  const { values, settings } = useSettledForm(trainForm);
  const starter = useJobStarter(trainForm);
  const memory = useTrainingMemory(settings);
  const waitsFor = useJobList((job) => !isFinished(job.state) && job.lane === "device");
  const dataset = useDataset();
  const { embedding, isKnown, embeddingStep, from: present } = useBeginning();
  const templates = useRoute("listTemplates", {});
  const formError = useFirstError(trainForm);
  const { twin, end } = useUnfinished(values.embeddingName);
  // A training that waits for another one of this embedding goes on where that one ends.
  const from = values.resumeFrom === null ? Math.max(present, end) : present;
  const problem = starter.problem ?? blockingFault(values) ?? formError ?? memory.problem;
  const reached = problem === null && settings !== null ? reachedEnd(values, from) : null;
  const more = twin === null && reached !== null ? reached.more : null;

  function blockingFault(fields: CheckedFields): string | null {
    const { learnRate, steps, embeddingName, dataRoot, templateFilename } = fields;
    if (readScheduleFrom({ learnRate, steps }, from).fault) return "The learning rate cannot be read yet";
    if (embedding?.misfitReason) return `${embedding.name} does not fit the chosen checkpoint`;
    if (isKnown && embeddingName !== "" && embedding === undefined)
      return `There is no embedding “${embeddingName}” any more: choose another one`;
    if (dataRoot !== "" && dataset.error !== null) return `Dataset directory: ${messageOf(dataset.error)}`;
    if (dataset.data?.pictures.length === 0) return "There are no pictures in the dataset directory";
    return templateFault(templates.data, templateFilename) ?? null;
  }

  // What is missing cannot come back by itself while the form is sent; the other faults may be typed away a moment before the press.
  const isMissing =
    (dataset.error !== null && values.dataRoot !== "") ||
    (isKnown && values.embeddingName !== "" && embedding === undefined);

  /** Starts a training. A chosen copy is used for this training only; the next training continues from the embedding. */
  function start(): void {
    const ready = trainForm.submit();
    // The line waits for a pause in typing, so the button may be pressed before the line is up to date.
    if (ready === null || blockingFault(ready) !== null || reachedEnd(ready, from) !== null) return;
    void starter.start({ kind: "train-embedding", settings: ready }).then((job) => {
      if (job !== null && ready.resumeFrom !== null) trainForm.patch({ resumeFrom: null });
    });
    showResults();
  }

  function trainMore(steps: number): void {
    trainForm.patch({ steps: from + steps });
    start();
  }

  return (
    <StartBar
      label={
        twin !== null ? twinLabel(twin) : more === null ? "Train Embedding" : `Train ${formatCount(more)} more steps`
      }
      // The second of two presses of Ctrl+Enter may come when the training has ended: it must not begin another one.
      hasShortcut={more === null && twin === null}
      busy={starter.busy}
      disabled={twin !== null || isMissing || (reached !== null && more === null)}
      aside={
        twin !== null ? (
          <Button
            size="md"
            variant="default"
            disabled={problem !== null || reached !== null || starter.busy}
            onClick={start}
          >
            Queue another
          </Button>
        ) : null
      }
      onStart={more === null ? start : () => trainMore(more)}
      tone={problem === null ? "plain" : "problem"}
      line={
        problem ??
        (reached && twin ? `The training ends at step ${formatCount(from)}: raise Max steps to queue another` : null) ??
        reached?.line ??
        (dataset.data === undefined && values.dataRoot !== ""
          ? "Looking at the pictures of the dataset directory"
          : null) ??
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

/** The running training of the embedding, else a waiting one, and the step at which the last of them ends. */
function useUnfinished(name: string): { twin: Job | null; end: number } {
  const jobs = useJobList(({ state, request }) => !isFinished(state) && embeddingReplaced(request) === name);
  const ends = jobs.map(({ request }) => (request.kind === "train-embedding" ? request.settings.steps : 0));
  return { twin: jobs.find(({ state }) => state === "running") ?? jobs[0] ?? null, end: Math.max(0, ...ends) };
}

function twinLabel({ state, request }: Job): string {
  const name = embeddingReplaced(request) ?? "";
  return state === "running" ? `${name} is being trained` : `${name} waits to be trained`;
}
