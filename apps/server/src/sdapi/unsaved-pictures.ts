/** @file Pictures that a program wants and nobody wants kept: drawn into a folder of their own in the cache, sent, and gone. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { JobService } from "../jobs/job-service.ts";

export class UnsavedPictures {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * A folder that an earlier server left belongs to a job that nobody waits for any more: it is cancelled, or else its pictures would be
   * drawn for nobody.
   */
  static async open(cacheDir: string, jobs: JobService): Promise<UnsavedPictures> {
    const pictures = new UnsavedPictures(join(cacheDir, "sdapi"));
    const left = await readdir(pictures.#folder).catch(() => []);
    const cleaned = left.map(async (jobId) => {
      await jobs.cancel(jobId).catch(() => undefined);
      await pictures.remove(jobId);
    });
    // Waits for the job list; requests need not.
    void Promise.all(cleaned);
    return pictures;
  }

  /** Makes the job's folder. */
  async prepare(jobId: string): Promise<string> {
    const folder = this.pathOf(jobId);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  pathOf(jobId: string): string {
    return join(this.#folder, jobId);
  }

  async remove(jobId: string): Promise<void> {
    await rm(this.pathOf(jobId), { recursive: true, force: true });
  }
}
