/**
 * @file Prompt editing `[from:to:when]` and alternation `[a|b]`: the text of a prompt at each step, by A1111's grammar and timing.
 * Emphasis brackets stay in the text; `prompt-weights.ts` reads them later.
 */
import { parseScheduleTree, type PromptRange, type SchedulePiece } from "./prompt-schedule-tree.ts";

/** The prompt's text for steps up to and including `endAtStep`. Steps count from 1. */
export interface PromptSegmentInTime {
  endAtStep: number;
  text: string;
}

export interface PromptScheduleOptions {
  /** Set for the second pass of hires fix: `steps` is then the number of steps of the second pass, and whole numbers in the prompt count from the start of the first pass. */
  firstPassSteps?: number;
}

/**
 * The segments of a prompt over `steps` steps; the last segment ends at `steps`. A number with a point is a fraction of the steps, a number
 * without a point is a step. Never throws: brackets that cannot be read are text. A `|` outside square brackets or a stray backslash
 * makes the whole prompt text.
 */
export function promptSchedule(
  prompt: string,
  steps: number,
  options: PromptScheduleOptions = {},
): PromptSegmentInTime[] {
  return promptRangesOverTime(prompt, steps, options).map(({ endAtStep, ranges }) => ({
    endAtStep,
    text: ranges.map(({ start, end }) => prompt.slice(start, end)).join(""),
  }));
}

/** The segments as lists of ranges of the prompt. The text of a segment is the text of its ranges. */
export function promptRangesOverTime(
  prompt: string,
  steps: number,
  options: PromptScheduleOptions = {},
): { endAtStep: number; ranges: PromptRange[] }[] {
  const tree = parseScheduleTree(prompt);
  if (tree === undefined) return [{ endAtStep: steps, ranges: [{ kind: "text", start: 0, end: prompt.length }] }];
  const switchStep = (when: string) => stepOf(when, { ...options, steps });
  const ends = new Set([steps]);
  for (const piece of allPieces(tree)) {
    if (piece.kind === "text") continue;
    if (piece.kind === "alternate") for (let step = 1; step <= steps; step++) ends.add(step);
    else if (switchStep(piece.when) >= 1) ends.add(switchStep(piece.when));
  }
  const inOrder = [...ends].toSorted((a, b) => a - b);
  const stateAt = stateOf(tree, switchStep);
  /** An alternating prompt has the same texts many times, so the ranges of each text are computed only once. */
  const known = new Map<string, PromptRange[]>();
  return inOrder.map((endAtStep) => {
    const state = stateAt(endAtStep);
    const ranges = known.get(state) ?? rangesAt(tree, endAtStep, switchStep);
    known.set(state, ranges);
    return { endAtStep, ranges };
  });
}

/** The state that determines the text at a step: the number of edits already made, and the current option of each alternation. */
function stateOf(tree: readonly SchedulePiece[], switchStep: (when: string) => number): (step: number) => string {
  const switches = new Set<number>();
  const lengths = new Set<number>();
  for (const piece of allPieces(tree)) {
    if (piece.kind === "alternate") lengths.add(piece.options.length);
    else if (piece.kind === "edit") switches.add(switchStep(piece.when));
  }
  return (step) => {
    const edits = [...switches].filter((end) => step > end).length;
    return [edits, ...[...lengths].map((length) => (step - 1) % length)].join();
  };
}

/**
 * The index of the segment for the sampler's call number `call` (from 0). A1111 compares a call counted from 0 with steps counted from 1,
 * so the first segment lasts one call longer. After the last segment the first segment returns.
 */
export function segmentAtCall(segments: readonly { readonly endAtStep: number }[], call: number): number {
  return Math.max(
    0,
    segments.findIndex(({ endAtStep }) => call <= endAtStep),
  );
}

function stepOf(when: string, { steps, firstPassSteps }: PromptScheduleOptions & { steps: number }): number {
  const value = Number(when);
  const isSecondPass = firstPassSteps !== undefined;
  const step = when.includes(".") ? (value - (isSecondPass ? 1 : 0)) * steps : value - (firstPassSteps ?? 0);
  return Math.min(steps, Math.trunc(step));
}

function* allPieces(tree: readonly SchedulePiece[]): Generator<SchedulePiece> {
  const waiting: SchedulePiece[] = [...tree];
  for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
    yield piece;
    if (piece.kind !== "text") for (const option of piece.options) for (const inner of option) waiting.push(inner);
  }
}

/** Walks the tree with a list instead of recursion, because brackets may be nested to any depth. */
function rangesAt(tree: readonly SchedulePiece[], step: number, switchStep: (when: string) => number): PromptRange[] {
  const ranges: PromptRange[] = [];
  const waiting: SchedulePiece[] = [...tree].toReversed();
  for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
    if (piece.kind === "text") {
      ranges.push(piece);
      continue;
    }
    const chosen =
      piece.kind === "alternate"
        ? piece.options[(step - 1) % piece.options.length]!
        : piece.options[step <= switchStep(piece.when) ? 0 : 1];
    for (let i = chosen.length - 1; i >= 0; i--) waiting.push(chosen[i]!);
  }
  return ranges;
}
