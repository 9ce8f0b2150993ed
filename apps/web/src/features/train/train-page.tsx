/** @file The Train tab. */
import { useEffect, type ReactNode } from "react";
import { useWholeJob } from "../../parts/jobs/whole-job.ts";
import { usePlacedFailure } from "../../parts/jobs/use-placed-failure.ts";
import { shownJob } from "../../parts/jobs/shown-job.ts";
import { trainForm } from "../../state/forms.ts";
import { useJobList } from "../../state/jobs.ts";
import { useSession } from "../../state/session.ts";
import { chooseForTraining } from "../../state/training-choice.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { Waiting } from "../../ui/feedback/waiting.tsx";
import { ChartIcon } from "../../ui/icons/icons.tsx";
import { TabLayout } from "../../ui/layout/tab-layout.tsx";
import { TrainSettingsColumn } from "./form/train-settings.tsx";
import { TrainStart } from "./form/train-start.tsx";
import { TrainingResult } from "./run/training-result.tsx";

export function TrainPage(): ReactNode {
  useChosenElsewhere();
  const jobs = useJobList((job) => job.request.kind === "train-embedding");
  const shown = useWholeJob(shownJob(jobs));
  usePlacedFailure(shown, trainForm);
  return (
    <TabLayout title="Train" settings={<TrainSettingsColumn />} start={<TrainStart jobs={jobs} />}>
      {shown === null ? (
        <EmptyState icon={<ChartIcon />} title="Nothing trained yet">
          Choose an embedding and a folder of captioned pictures. While it learns you see the loss fall, and pictures of
          the word's current meaning.
        </EmptyState>
      ) : shown.isShortened === true ? (
        <Waiting />
      ) : (
        <TrainingResult key={shown.id} job={shown} />
      )}
    </TabLayout>
  );
}

/** Takes over the embedding and the folder that another tab chose. A choice in this tab goes to the session at once (see the fields), so neither can undo the other. */
function useChosenElsewhere(): void {
  const embedding = useSession((state) => state.embedding);
  const dataset = useSession((state) => state.dataset);
  useEffect(() => {
    if (embedding !== null) chooseForTraining(embedding);
  }, [embedding]);
  useEffect(() => {
    if (dataset === null || dataset === trainForm.read().values.dataRoot) return;
    trainForm.patch({ dataRoot: dataset });
  }, [dataset]);
}
