/** @file Asks a worker for the notebook of an embedding and waits for it. */
import { LexemeError } from "@lexeme/core";
import type { Notebook } from "@lexeme/domain/notebook";
import { isFinished, type JobProgress } from "@lexeme/domain/jobs";
import { fromWireError, type Embedding, type Job } from "@lexeme/protocol";
import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { applyJob, jobsStore, useJobProgress, useLatestJob } from "../../state/jobs.ts";

export interface NotebookState {
  notebook: Notebook | undefined;
  error: LexemeError | null;
  /** The job's progress; null while it waits for its turn, or if no job is needed. */
  progress: JobProgress | null;
  retry: () => void;
}

/** `others`: the folder's other embeddings; the notebook is made again when they change. */
export function useNotebook(
  embedding: Embedding | undefined,
  { checkpoint, others }: { checkpoint: string | null; others: readonly Embedding[] },
): NotebookState {
  const { name = "", path = "", key = null, shortHash = "" } = embedding ?? {};
  const folder = others.map((one) => `${one.path}#${one.key ?? ""}#${one.shortHash}`).join("\n");
  const query = useQuery<Notebook, LexemeError>({
    queryKey: ["notebook", { name, path, key, shortHash, checkpoint, folder }],
    queryFn: ({ signal }) => makeNotebook({ embeddingName: name, path, checkpoint }, signal),
    enabled: embedding !== undefined && checkpoint !== null,
    // The old notebook of the same embedding stays in sight while a new one is made.
    placeholderData: (previous) => (previous?.name === name && previous.path === path ? previous : undefined),
    gcTime: 60_000,
  });
  const job = useLatestJob(
    "notebook",
    ({ request }) => request.kind === "notebook" && request.settings.embeddingName === name,
  );
  const progress = useJobProgress(job !== null && !isFinished(job.state) ? job.id : null);
  return { notebook: query.data, error: query.error, progress, retry: () => void query.refetch() };
}

async function makeNotebook(
  settings: { embeddingName: string; path: string; checkpoint: string | null },
  signal: AbortSignal,
): Promise<Notebook> {
  const job = await call("createJob", { body: { kind: "notebook", settings } });
  applyJob(job);
  const cancel = (): void => void call("cancelJob", { params: { id: job.id } }).catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  const ended = await whenEnded(job.id, signal);
  signal.removeEventListener("abort", cancel);
  if (ended.state !== "done") {
    throw ended.error === null
      ? new LexemeError("INTERRUPTED", "Reading the vocabulary was cancelled: open the notebook again")
      : fromWireError(ended.error);
  }
  const notebook = await call("getNotebook", { params: { id: job.id } }, { signal });
  // A notebook is an answer, so its job need not stay in the list of jobs.
  void call("removeJob", { params: { id: job.id } }).catch(() => undefined);
  return notebook;
}

function whenEnded(id: string, signal: AbortSignal): Promise<Job> {
  return new Promise((resolve, reject) => {
    function look(): void {
      const job = jobsStore.getState().jobs[id];
      if (job === undefined || !isFinished(job.state)) return;
      stop();
      resolve(job);
    }
    function abort(): void {
      stop();
      reject(signal.reason as Error);
    }
    const unsubscribe = jobsStore.subscribe(look);
    function stop(): void {
      unsubscribe();
      signal.removeEventListener("abort", abort);
    }
    signal.addEventListener("abort", abort, { once: true });
    look();
  });
}
