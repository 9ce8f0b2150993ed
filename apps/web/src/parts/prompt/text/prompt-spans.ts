/** @file The server's spans of a prompt, moved along with a text that has changed since, and read at the caret. */
import type { Tokenized } from "@lexeme/protocol";

/** A stretch that is drawn behind the text: the grammar's kinds, and a bracket without a partner. */
export interface ShownSpan {
  start: number;
  end: number;
  kind: Tokenized["spans"][number]["kind"] | "stray";
  weight: number;
}

/** The spans of an answer with its stray brackets cut out of them, in order and without overlap. */
export function shownSpans({ spans, hints }: Pick<Tokenized, "spans" | "hints">): ShownSpan[] {
  const stray = hints.filter(({ kind }) => kind === "bracket").map(({ position }) => position);
  const shown: ShownSpan[] = [];
  let next = 0;
  for (const span of spans) {
    for (; next < stray.length && stray[next]! < span.start; next++) shown.push(strayAt(stray[next]!));
    let { start } = span;
    for (; next < stray.length && stray[next]! < span.end; next++) {
      const position = stray[next]!;
      if (position > start) shown.push({ ...span, start, end: position });
      shown.push(strayAt(position, span.kind === "text" ? span.weight : 1));
      start = position + 1;
    }
    if (start < span.end) shown.push({ ...span, start });
  }
  return [...shown, ...stray.slice(next).map((position) => strayAt(position))];
}

function strayAt(position: number, weight = 1): ShownSpan {
  return { start: position, end: position + 1, kind: "stray", weight };
}

/** Spans of the text `before` where they stand in `now`, so that colours stay under their words until the server has answered. */
export function moveSpans(spans: readonly ShownSpan[], before: string, now: string): readonly ShownSpan[] {
  if (before === now) return spans;
  const shortest = Math.min(before.length, now.length);
  let head = 0;
  while (head < shortest && before[head] === now[head]) head++;
  let tail = 0;
  while (tail < shortest - head && before[before.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const changedEnd = before.length - tail;
  const grown = now.length - before.length;
  return spans.flatMap((span) => {
    // Text that was typed over has no colour yet; a span around the change grows with it.
    const start = span.start < head ? span.start : Math.max(span.start, changedEnd) + grown;
    const end = span.end >= changedEnd ? span.end + grown : Math.min(span.end, head);
    return start < end ? [{ ...span, start, end }] : [];
  });
}

/** Effective weight of the text at the caret: the weight of the character after it, or of the character before it at a word's end. */
export function weightAt(spans: readonly ShownSpan[], caret: number): number {
  const at = (position: number): ShownSpan | undefined =>
    spans.find(({ start, end }) => start <= position && position < end);
  const [behind, before] = [at(caret), at(caret - 1)];
  if (behind?.kind === "text") return behind.weight;
  return behind !== undefined && before?.kind === "text" ? before.weight : 1;
}

/** How strongly a weight is coloured, 0 to 1; 1 for a weight of at least 2 or at most 0.5. */
export function strengthOf(weight: number): number {
  return weight <= 0 ? 1 : Math.min(1, Math.abs(Math.log2(weight)));
}
