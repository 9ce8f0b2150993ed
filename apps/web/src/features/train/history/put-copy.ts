/** @file Makes a copy of a run the embedding. */
import { call, type CallOutput } from "../../../api/client.ts";
import { refresh } from "../../../api/queries.ts";

/** Puts the copy at `path` in the embedding's place and fetches the lists again. Throws the server's LexemeError. */
export async function putCopy(name: string, path: string): Promise<CallOutput<"useCopy">> {
  const embedding = await call("useCopy", { params: { name }, body: { path } });
  await refresh("listEmbeddings", "listRuns", "getEmbeddingHistory");
  return embedding;
}
