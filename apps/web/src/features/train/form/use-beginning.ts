/** @file Where the training that is being set up begins: its embedding, the runs it had, and the step it goes on from. */
import type { Embedding, Run } from "@lexeme/protocol";
import { useRoute } from "../../../api/queries.ts";
import { useWords } from "../../../parts/embeddings/embedding-words.ts";
import { useFormValues } from "../../../parts/form/use-form.ts";
import { trainForm } from "../../../state/forms.ts";
import { stepOfCopy } from "./resume-field.tsx";

export interface Beginning {
  /** Undefined while none is chosen, or the chosen one is missing. */
  embedding: Embedding | undefined;
  runs: readonly Run[];
  /** Steps that the embedding itself was trained for. */
  embeddingStep: number;
  /** Step the training begins after: that of the embedding, or of the copy it goes on from. */
  from: number;
}

const NO_RUNS: readonly Run[] = [];

export function useBeginning(): Beginning {
  const { embeddingName, resumeFrom } = useFormValues(trainForm, (values) => ({
    embeddingName: values.embeddingName,
    resumeFrom: values.resumeFrom,
  }));
  const embedding = useWords().words.find((one) => one.name === embeddingName);
  const query = embedding === undefined ? null : { query: { embedding: embedding.name } };
  const runs = useRoute("listRuns", query).data ?? NO_RUNS;
  const embeddingStep = embedding?.step ?? 0;
  return { embedding, runs, embeddingStep, from: stepOfCopy(runs, resumeFrom) ?? embeddingStep };
}
