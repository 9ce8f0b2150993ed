/** @file Keeps the files of a job that are not to stay out of the job list: whoever waits for the job gets them, pages never hear of them. */
import { sep } from "node:path";
import type { Artifact } from "@lexeme/domain/jobs";
import type { WorkerProcess } from "./worker-process.ts";

/** A worker whose artifacts inside `folder` are known to `onArtifacts` alone, which is given all of the job, in order, when it is done. */
export function withoutArtifactsIn(
  folder: string,
  worker: Pick<WorkerProcess, "run">,
  onArtifacts: (artifacts: Artifact[]) => void,
): Pick<WorkerProcess, "run"> {
  const isInside = ({ path }: Artifact): boolean => path.startsWith(folder + sep);
  return {
    async run(message, onMessage) {
      const outcome = await worker.run(message, (news) => {
        if (news.type !== "artifact" || !isInside(news.artifact)) onMessage(news);
      });
      if (outcome.type !== "done") return outcome;
      const { results } = outcome;
      const unsaved = results.artifacts.filter(isInside);
      if (unsaved.length === 0) return outcome;
      onArtifacts(results.artifacts);
      const kept = results.artifacts.filter((one) => !isInside(one));
      const what = kept.length === 0 ? "sent" : "what is unfinished was sent";
      return {
        ...outcome,
        results: {
          ...results,
          artifacts: kept,
          summary: [results.summary, `${what} to the program that asked, and not kept`].filter(Boolean).join("; "),
        },
      };
    },
  };
}
