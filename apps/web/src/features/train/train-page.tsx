/** @file The Train tab. */
import { embeddingReplaced } from "@lexeme/domain/jobs";
import { useEffect, type ReactNode } from "react";
import { useEmbeddings } from "../../api/queries.ts";
import { embeddingOfName } from "../../parts/embeddings/embedding-of-name.ts";
import { useFormValues } from "../../parts/form/use-form.ts";
import { trainForm } from "../../state/forms.ts";
import { useJobList, useLatestJob } from "../../state/jobs.ts";
import { useSession } from "../../state/session.ts";
import { chooseForTraining } from "../../state/training-choice.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { ChartIcon } from "../../ui/icons/icons.tsx";
import { TabLayout } from "../../ui/layout/tab-layout.tsx";
import { TrainSettingsColumn } from "./form/train-settings.tsx";
import { TrainStart } from "./form/train-start.tsx";
import { WordHistory } from "./history/word-history.tsx";

export function TrainPage(): ReactNode {
  useChosenElsewhere();
  useTrainedLast();
  const name = useFormValues(trainForm, ({ embeddingName }) => embeddingName);
  const jobs = useJobList((job) => job.request.kind === "train-embedding");
  const ofWord = jobs.filter(({ request }) => embeddingReplaced(request) === name);
  return (
    <TabLayout title="Train" settings={<TrainSettingsColumn />} start={<TrainStart jobs={jobs} />} startGivesWay>
      {name === "" ? (
        <EmptyState icon={<ChartIcon />} title="Nothing chosen yet">
          Choose an embedding and a folder of captioned pictures. While it learns you see the loss fall, and pictures of
          the word's current meaning.
        </EmptyState>
      ) : (
        <WordHistory key={name} name={name} jobs={ofWord} />
      )}
    </TabLayout>
  );
}

/** In a browser where no embedding was chosen yet, Train shows the one that was trained last, whether that training ended well or not. */
function useTrainedLast(): void {
  const isChosen = useSession(({ embedding }) => embedding !== null);
  const name = useFormValues(trainForm, ({ embeddingName }) => embeddingName);
  const newest = useLatestJob("train-embedding");
  const embeddings = useEmbeddings().data;
  const last = newest === null ? null : embeddingReplaced(newest.request);
  const isThere = last !== null && embeddings !== undefined && embeddingOfName(embeddings, last) !== undefined;
  useEffect(() => {
    if (!isChosen && name === "" && isThere) chooseForTraining(last);
  }, [isChosen, name, isThere, last]);
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
