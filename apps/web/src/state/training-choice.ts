/** @file Which embedding is trained next, for every button that leads to Train. */
import { preprocessForm, trainForm } from "./forms.ts";
import { sessionStore, setSession } from "./session.ts";

/** Chooses the embedding in the session and in Train's form. The copy to go on from belongs to the embedding that was chosen before. */
export function chooseForTraining(embeddingName: string): void {
  if (trainForm.read().values.embeddingName !== embeddingName) trainForm.patch({ embeddingName, resumeFrom: null });
  setSession({ embedding: embeddingName });
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
  setSession({ preparedWord: null });
  chooseForTraining(embeddingName);
}
