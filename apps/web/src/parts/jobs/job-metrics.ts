/** @file The points of a training's loss chart: fetched once, then fed by the socket. */
import type { MetricPoint } from "@lexeme/domain/jobs";
import { useEffect } from "react";
import { mergeMetrics, useJobs } from "../../state/jobs.ts";
import { call } from "../../api/client.ts";

const NO_POINTS: MetricPoint[] = [];

/** All points of a job so far, oldest first. */
export function useJobMetrics(jobId: string | null): MetricPoint[] {
  const generation = useJobs((state) => state.generation);
  useEffect(() => {
    if (jobId === null) return;
    const controller = new AbortController();
    call("getMetrics", { params: { id: jobId } }, { signal: controller.signal }).then(
      (points) => mergeMetrics(jobId, points),
      // A chart without its earlier points still shows new ones; a banner reports a lost server.
      () => undefined,
    );
    return () => controller.abort();
  }, [jobId, generation]);
  return useJobs((state) => (jobId === null ? NO_POINTS : (state.metrics[jobId] ?? NO_POINTS)));
}
