/** @file Reads the notebooks of embeddings that workers wrote into the cache. */
import { LexemeError, ifAbsent } from "@lexeme/core";
import { readFile } from "node:fs/promises";
import { NotebookSchema, type Notebook } from "@lexeme/domain/notebook";

import type { JobService } from "../../jobs/job-service.ts";

/** The notebook of a job. Throws LexemeError `JOB_MISSING`, or `NOTEBOOK_MISSING` if the job never had a notebook or its file is gone. */
export async function readNotebook(jobs: JobService, jobId: string): Promise<Notebook> {
  const { results } = await jobs.get(jobId);
  const path = results.artifacts.find(({ kind }) => kind === "notebook")?.path;
  const text = path === undefined ? undefined : await ifAbsent(readFile(path, "utf8"), undefined);
  if (text === undefined) throw new LexemeError("NOTEBOOK_MISSING", "This notebook is gone: open it again");
  return NotebookSchema.parse(JSON.parse(text));
}
