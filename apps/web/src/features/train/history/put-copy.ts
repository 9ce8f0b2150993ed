/** @file Makes a copy of a run the embedding. */
import { call, type CallOutput } from "../../../api/client.ts";
import { refresh } from "../../../api/queries.ts";

export interface UsedCopy {
  path: string;
  /** Path of the copy that the embedding has to be still, for an undo; otherwise nothing is replaced. */
  instead?: string;
}

/** Puts the copy at `path` in the embedding's place and fetches the lists again. Throws the server's LexemeError. */
export async function putCopy(name: string, { path, instead }: UsedCopy): Promise<CallOutput<"useCopy">> {
  const embedding = await call("useCopy", { params: { name }, body: { path, instead: instead ?? null } });
  await refresh("listEmbeddings", "listRuns", "getEmbeddingHistory");
  return embedding;
}
