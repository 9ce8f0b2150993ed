/** @file A job's title, which leads to the job in its tab. */
import type { Job } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { showResults } from "../../ui/layout/show-results.ts";
import { viewOf } from "./job-kinds.ts";

export function JobLink({ job, className }: { job: Job; className: string | undefined }): ReactNode {
  const view = viewOf(job);
  function show(): void {
    view.show(job);
    showResults();
  }
  return (
    <Link href={view.tab} className={className} onClick={show}>
      {job.title}
    </Link>
  );
}
