/** @file Requests about jobs into the app of a test. */
import type { Job } from "@lexeme/protocol";
import { waitFor, type TestApp } from "./test-app.ts";

export function killDeviceWorker(on: TestApp): number {
  const { pid } = on.workers.device;
  // Zero would mean this process and its group.
  if (pid === undefined) throw new Error("no worker lives");
  process.kill(pid, "SIGKILL");
  return pid;
}

export async function post(on: TestApp, url: string, payload?: object): Promise<Record<string, unknown>> {
  const response = await on.server.inject({ method: "POST", url, ...(payload === undefined ? {} : { payload }) });
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode} ${response.body}`);
  return response.json();
}

export async function createPicture(on: TestApp, prompt: string): Promise<Job> {
  return (await post(on, "/api/jobs", { kind: "txt2img", settings: { prompt } })) as unknown as Job;
}

export async function createTraining(on: TestApp, previewPrompt: string, embeddingName = "mira"): Promise<Job> {
  await post(on, "/api/embeddings", { name: embeddingName, initText: "woman", overwriteOld: true });
  const dataRoot = on.services.roots.list.find(({ name }) => name === "Demo photos")?.path;
  const settings = { embeddingName, dataRoot, previewPrompt, templateFilename: "subject.txt" };
  return (await post(on, "/api/jobs", { kind: "train-embedding", settings })) as unknown as Job;
}

export async function getJob(on: TestApp, id: string): Promise<Job> {
  return (await on.server.inject(`/api/jobs/${id}`)).json();
}

export async function listJobs(on: TestApp): Promise<Job[]> {
  return (await on.server.inject("/api/jobs")).json();
}

export async function running(on: TestApp, id: string): Promise<void> {
  await waitFor(`job ${id} runs`, async () => (await getJob(on, id)).state === "running");
}

export async function ended(on: TestApp, id: string, limitMs?: number): Promise<Job> {
  return waitFor(
    `job ${id} ends`,
    async () => {
      const job = await getJob(on, id);
      return job.finishedAt !== null && job;
    },
    limitMs,
  );
}

/** Cancels all jobs and waits until the lanes are free. */
export async function cancelAll(on: TestApp): Promise<void> {
  for (const job of await listJobs(on)) await post(on, `/api/jobs/${job.id}/cancel`);
  await waitFor("the lanes are free", async () => (await listJobs(on)).every(({ finishedAt }) => finishedAt !== null));
}
