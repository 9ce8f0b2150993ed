/** @file Reads a learning rate while it is typed: the pieces to draw, the step at which the training ends, unreadable parts, and parts without effect. */
import { LexemeError } from "@lexeme/core";
import { parseLearningRateSchedule, type LearningRateIssue, type LearningRateSegment } from "@lexeme/domain/rates";

export interface ScheduleReading {
  segments: LearningRateSegment[];
  /** Step at which the schedule ends the training, at most Max steps. */
  end: number;
  /** Why the text cannot be read; `start` and `end` are the offending characters. */
  fault: { message: string; start: number; end: number } | null;
  /** Parts that the user may not have meant. */
  issues: readonly LearningRateIssue[];
}

/** Reads `text` for a training that has done `from` steps and ends at `steps`. Never throws for an unfinished text, because people type it piece by piece. */
export function readSchedule(text: string, { steps, from }: { steps: number; from: number }): ScheduleReading {
  const maxSteps = Number.isInteger(steps) && steps > 0 ? steps : 1;
  try {
    const { segments, endStep, issues } = parseLearningRateSchedule(text, Math.max(maxSteps, from + 1), {
      startStep: from,
    });
    return { segments, end: endStep, fault: null, issues };
  } catch (error) {
    if (!(error instanceof LexemeError)) throw error;
    const { position, part } = error.details ?? {};
    const start = typeof position === "number" ? position : 0;
    const length = typeof part === "string" && part !== "" ? part.length : 1;
    // The place is shown by a mark, so the sentence need not count characters.
    const message = error.message.replace(/ \(character \d+\)/, "");
    return {
      segments: [],
      end: 0,
      fault: { message, start, end: start + length },
      issues: [],
    };
  }
}

/** The schedule of a form for a training that begins after step `from`. If Max steps or the schedule ends before that, the whole schedule is read: its `end` is then at most `from`. */
export function readScheduleFrom(form: { learnRate: string; steps: number }, from: number): ScheduleReading {
  const { learnRate, steps } = form;
  if (from >= steps) return readSchedule(learnRate, { steps, from: 0 });
  const reading = readSchedule(learnRate, { steps, from });
  const whole = reading.fault === null ? reading : readSchedule(learnRate, { steps, from: 0 });
  return whole.fault === null && whole.end > from ? reading : whole;
}
