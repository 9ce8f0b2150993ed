/** @file Says on which file a job waits that has made no progress for a while: a network drive that hangs looks like work otherwise. */
import type { JobProgress } from "@lexeme/domain/jobs";
import { useEffect, useState } from "react";
import { useConnection } from "../../state/connection.ts";
import { formatDuration } from "../../ui/text/format.ts";

/** A large picture or checkpoint on a slow disk takes some seconds. */
const SILENCE_MS = 30_000;
const LOOK_EVERY_MS = 5000;

/** "Waits for 07.png for 2 min" once a running job has read one file for half a minute; else null. `progress` is null for a job that does not run. */
export function useFileWait(progress: JobProgress | null): string | null {
  const [wait, setWait] = useState<{ on: JobProgress; ms: number } | null>(null);
  const isLost = useConnection((state) => state.lostAt !== null);
  useEffect(() => {
    // Without a connection the page hears of no progress, whether there is any or not.
    if (progress?.file === undefined || isLost) return undefined;
    const since = performance.now();
    const look = () => setWait({ on: progress, ms: performance.now() - since });
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
    // A wait is counted anew after that: the page does not know what it did not hear.
  }, [progress, isLost]);
  // Another report came since: the job goes on.
  if (isLost || wait === null || wait.on !== progress || wait.ms < SILENCE_MS) return null;
  return `Waits for ${wait.on.file} for ${formatDuration(wait.ms / 1000)}`;
}
