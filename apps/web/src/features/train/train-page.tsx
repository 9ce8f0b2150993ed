/** @file The Train tab. */
import { TrainSettingsSchema } from "@lexeme/domain/settings";
import { isFinished } from "@lexeme/domain/jobs";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, type ReactNode } from "react";
import { useJobStarter } from "../../parts/jobs/job-actions.ts";
import { useTrainingMemory } from "../../parts/forecasts/memory-forecast.ts";
import { usePlacedFailure } from "../../parts/jobs/use-placed-failure.ts";
import { useWords } from "../../parts/embeddings/embedding-words.ts";
import { useRoute, useSystem } from "../../api/queries.ts";
import { firstError } from "../../parts/form/first-error.ts";
import { trainForm } from "../../state/forms.ts";
import { useJobList } from "../../state/jobs.ts";
import { trainingSeconds } from "../../parts/forecasts/measured-rate.ts";
import { usePersistentForm } from "../../parts/form/persistent-form.ts";
import { useSession } from "../../state/session.ts";
import { shownJob } from "../../parts/jobs/shown-job.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { formatCount } from "../../ui/text/format.ts";
import { baseName } from "../../ui/text/folder-path.ts";
import { ChartIcon } from "../../ui/icons/icons.tsx";
import { showResults } from "../../ui/layout/show-results.ts";
import { StartBar } from "../../ui/layout/start-bar.tsx";
import { TabLayout } from "../../ui/layout/tab-layout.tsx";
import { stepOfCopy } from "./form/resume-field.tsx";
import { readSchedule } from "./schedule/schedule-reading.ts";
import { TrainSettingsColumn } from "./form/train-settings.tsx";
import { trainingLine } from "./form/training-forecast.ts";
import { TrainingResult } from "./run/training-result.tsx";

/** A path is looked up once its typing pauses. */
const TYPING_PAUSE_MS = 300;

export function TrainPage(): ReactNode {
  const form = usePersistentForm(TrainSettingsSchema, "train");
  const { values, settings } = form;
  useChosenElsewhere();
  const starter = useJobStarter("train-embedding", form);
  const memory = useTrainingMemory(settings);
  const jobs = useJobList((job) => job.request.kind === "train-embedding");
  const waitsFor = useJobList((job) => !isFinished(job.state) && job.lane === "device");
  const system = useSystem().data;
  const embedding = useWords().words.find((one) => one.name === values.embeddingName);
  const [dataRoot] = useDebouncedValue(values.dataRoot, TYPING_PAUSE_MS);
  const dataset = useRoute("getDataset", dataRoot === "" ? null : { query: { path: dataRoot } });
  const runs = useRoute("listRuns", embedding === undefined ? null : { query: { embedding: embedding.name } });
  const shown = shownJob(jobs);
  usePlacedFailure(shown, trainForm);

  const embeddingStep = embedding?.step ?? 0;
  const from = stepOfCopy(runs.data ?? [], values.resumeFrom) ?? embeddingStep;
  // A training that is over already has no schedule left; what is drawn is then the whole of it.
  const over = from >= values.steps;
  const schedule = readSchedule(values.learnRate, { steps: values.steps, from: over ? 0 : from });
  const problem = starter.problem ?? blockingFault() ?? firstError(form) ?? memory.problem;

  function blockingFault(): string | null {
    if (schedule.fault) return "The learning rate cannot be read yet";
    if (embedding?.misfitReason) return `${embedding.name} does not fit the chosen checkpoint`;
    if (over)
      return `Step ${formatCount(from)} is reached already: raise Max steps, or begin anew from Create Embedding`;
    if (dataset.data?.pictures.length === 0) return "There are no pictures in the dataset directory";
    return null;
  }

  function start(): void {
    const ready = form.submit();
    if (ready === null || blockingFault() !== null) return;
    void starter.start(ready);
    showResults();
  }

  return (
    <TabLayout
      title="Train"
      settings={
        <TrainSettingsColumn
          form={form}
          schedule={schedule}
          dataset={dataset}
          datasetsFolder={system?.folders.datasets}
          runs={runs.data ?? []}
          embeddingStep={embeddingStep}
        />
      }
      start={
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
              scheduleEnd: schedule.end,
              secondsFor: (steps) => (settings === null ? null : trainingSeconds(jobs, settings, steps)),
              memory: memory.text,
              waitsFor,
              embeddingFile: embedding === undefined ? null : baseName(embedding.path),
            })
          }
        />
      }
    >
      {shown === null ? (
        <EmptyState icon={<ChartIcon />} title="Nothing trained yet">
          Choose an embedding and a folder of captioned pictures. While it learns you see the loss fall, and pictures of
          what the word means by then.
        </EmptyState>
      ) : (
        <TrainingResult key={shown.id} job={shown} />
      )}
    </TabLayout>
  );
}

/** What another tab chose is taken over here; what is chosen here goes to the session as it is chosen (see the fields), so neither can undo the other. */
function useChosenElsewhere(): void {
  const embedding = useSession((state) => state.embedding);
  const dataset = useSession((state) => state.dataset);
  useEffect(() => {
    if (embedding === null || embedding === trainForm.read().values.embeddingName) return;
    trainForm.patch({ embeddingName: embedding, resumeFrom: null });
  }, [embedding]);
  useEffect(() => {
    if (dataset === null || dataset === trainForm.read().values.dataRoot) return;
    trainForm.patch({ dataRoot: dataset });
  }, [dataset]);
}
