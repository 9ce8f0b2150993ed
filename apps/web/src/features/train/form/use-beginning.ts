/** @file The beginning of the training in the form: its embedding, the embedding's runs, and the step to go on from. */
import type { Embedding, Run } from "@lexeme/protocol";
import { useRoute } from "../../../api/queries.ts";
import { useWords } from "../../../parts/embeddings/embedding-words.ts";
import { useFormValues } from "../../../parts/form/use-form.ts";
import { trainForm } from "../../../state/forms.ts";
import { stepOfCopy } from "./resume-field.tsx";

export interface Beginning {
  /** Undefined while no embedding is chosen, or if the chosen one is missing. */
  embedding: Embedding | undefined;
  /** False until the list of embeddings has come: before that no embedding is missing. */
  isKnown: boolean;
  runs: readonly Run[];
  /** Folders of the runs that trained an earlier embedding with the name. */
  earlier: ReadonlySet<string>;
  /** Steps that the embedding itself was trained for. */
  embeddingStep: number;
  /** The training begins after this step: the step of the embedding, or of the copy that it goes on from. */
  from: number;
}

const NO_RUNS: readonly Run[] = [];

export function useBeginning(): Beginning {
  const { embeddingName, resumeFrom } = useFormValues(trainForm, (values) => ({
    embeddingName: values.embeddingName,
    resumeFrom: values.resumeFrom,
  }));
  const { words, isKnown } = useWords();
  const embedding = words.find((one) => one.name === embeddingName);
  const query = embedding === undefined ? null : { query: { embedding: embedding.name } };
  const runs = useRoute("listRuns", query).data ?? NO_RUNS;
  const history = useRoute(
    "getEmbeddingHistory",
    embedding === undefined ? null : { params: { name: embedding.name } },
  );
  const earlier = new Set(history.data?.runs.filter(({ isEarlier }) => isEarlier).map(({ folder }) => folder));
  const embeddingStep = embedding?.step ?? 0;
  return { embedding, isKnown, runs, earlier, embeddingStep, from: stepOfCopy(runs, resumeFrom) ?? embeddingStep };
}
