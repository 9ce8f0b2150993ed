/** @file A training whose last step is done already, and how many more steps it can be given. */
import { formatCount } from "../../../ui/text/format.ts";
import { readScheduleFrom } from "../schedule/schedule-reading.ts";

export interface ReachedEnd {
  line: string;
  /** The steps that one press adds; null if the learning rate has to be extended first. */
  more: number | null;
}

/** Null while there are steps left between `from` and the end by Max steps and the learning rate. */
export function reachedEnd(
  { learnRate, steps }: { learnRate: string; steps: number },
  from: number,
): ReachedEnd | null {
  const { end, fault } = readScheduleFrom({ learnRate, steps }, from);
  if (fault !== null || from < Math.min(steps, end)) return null;
  const more = moreSteps(from);
  const raised = readScheduleFrom({ learnRate, steps: from + more }, from);
  if (raised.end < from + more) {
    const line = `Step ${formatCount(from)} is reached, and the learning rate ends at step ${formatCount(raised.end)}: add a rate for more steps`;
    return { line, more: null };
  }
  return { line: `All ${formatCount(from)} steps are done`, more };
}

/** About half as many as are done, as a round number. */
function moreSteps(from: number): number {
  return Math.min(1000, Math.max(100, Math.round(from / 200) * 100));
}
