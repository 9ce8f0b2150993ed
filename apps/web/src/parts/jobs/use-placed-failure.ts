/** @file Shows a job's failure beside the field that caused it, as long as the field still holds the value that failed. */
import { fromWireError, type Job } from "@lexeme/protocol";
import { useEffect } from "react";

export interface FailureForm {
  read: () => { values: object };
  placeError: (error: unknown) => boolean;
}

/** Puts the error of the job shown beside the field that the error names, in a form of that job's kind. */
export function usePlacedFailure(job: Job | null, form: FailureForm): void {
  useEffect(() => {
    if (job?.state !== "failed" || job.error === null) return;
    const field = job.error.details?.["field"];
    if (typeof field !== "string") return;
    const { values } = form.read();
    const failed = Object.entries(job.request.settings).find(([name]) => name === field)?.[1];
    const now = Object.entries(values).find(([name]) => name === field)?.[1];
    if (failed === now) form.placeError(fromWireError(job.error));
    // A field that was changed since holds another value, so its error does not come back.
  }, [job, form]);
}
