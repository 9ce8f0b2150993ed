/** @file Which embedding is trained next, for every button that leads to Train. */
import { jobsStore } from "./jobs.ts";
import { preprocessForm, trainForm } from "./forms.ts";
import { sessionStore, setSession } from "./session.ts";

/**
 * Chooses the embedding in the session and in Train's form, with its own pictures if they are known. The copy to go on from belongs to the
 * embedding that was chosen before.
 */
export function chooseForTraining(embeddingName: string): void {
  const { embeddingName: before, dataRoot } = trainForm.read().values;
  if (before !== embeddingName) {
    if (before !== "" && dataRoot !== "") rememberDataset(before, dataRoot);
    trainForm.patch({ embeddingName, resumeFrom: null });
    const own = datasetOf(embeddingName);
    // A folder that was chosen before any embedding was chosen for the first one.
    if (own !== null && (before !== "" || dataRoot === "")) chooseDataset(own);
  }
  setSession({ embedding: embeddingName });
}

/** The folder of pictures follows an embedding to its new name. */
export function renameForTraining(embeddingName: string, newName: string): void {
  const { embedding, datasets } = sessionStore.getState();
  const own = Object.hasOwn(datasets, embeddingName) ? datasets[embeddingName] : undefined;
  forgetDataset(embeddingName);
  forgetDataset(newName);
  if (own !== undefined) rememberDataset(newName, own);
  if (trainForm.read().values.embeddingName === embeddingName) trainForm.patch({ embeddingName: newName });
  if (embedding === embeddingName) setSession({ embedding: newName });
}

function forgetDataset(embeddingName: string): void {
  const others = Object.entries(sessionStore.getState().datasets).filter(([name]) => name !== embeddingName);
  setSession({ datasets: Object.fromEntries(others) });
}

/** Chooses the folder of pictures, and remembers it as the folder of the chosen embedding. */
export function chooseDataset(path: string): void {
  const { embeddingName } = trainForm.read().values;
  trainForm.patch({ dataRoot: path });
  setSession({ dataset: path });
  if (embeddingName !== "") rememberDataset(embeddingName, path);
}

/** Remembers the folder of pictures of an embedding, which comes back with it when the embedding is chosen again. */
export function rememberDataset(embeddingName: string, path: string): void {
  setSession({ datasets: { ...sessionStore.getState().datasets, [embeddingName]: path } });
}

/** The folder that was last used for the embedding: in this browser, else by its newest training. */
function datasetOf(embeddingName: string): string | null {
  const trainings = Object.values(jobsStore.getState().jobs).flatMap(({ request, createdAt }) =>
    request.kind === "train-embedding" && request.settings.embeddingName === embeddingName
      ? [{ dataRoot: request.settings.dataRoot, createdAt }]
      : [],
  );
  const newest = trainings.toSorted((a, b) => b.createdAt - a.createdAt)[0];
  const { datasets } = sessionStore.getState();
  return Object.hasOwn(datasets, embeddingName) ? (datasets[embeddingName] ?? null) : (newest?.dataRoot ?? null);
}

/**
 * Chooses an embedding that was just made. Folders whose pictures were prepared for another embedding hold another face, so they leave the forms.
 */
export function beginWord(embeddingName: string): void {
  const { preparedWord } = sessionStore.getState();
  if (preparedWord !== null && preparedWord !== embeddingName) {
    preprocessForm.reset(["processSrc", "processDst"]);
    trainForm.reset(["dataRoot"]);
    setSession({ dataset: null });
  }
  // The folder of an earlier embedding with the name.
  if (preparedWord !== embeddingName) forgetDataset(embeddingName);
  setSession({ preparedWord: null });
  trainForm.patch({ embeddingName, resumeFrom: null });
  setSession({ embedding: embeddingName });
}
