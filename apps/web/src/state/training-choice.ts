/** @file Which embedding is trained next, for every button that leads to Train. */
import { trainForm } from "./forms.ts";
import { setSession } from "./session.ts";

/** Chooses the embedding in the session and in Train's form. The copy to go on from belongs to the embedding that was chosen before. */
export function chooseForTraining(embeddingName: string): void {
  if (trainForm.read().values.embeddingName !== embeddingName) trainForm.patch({ embeddingName, resumeFrom: null });
  setSession({ embedding: embeddingName });
}
