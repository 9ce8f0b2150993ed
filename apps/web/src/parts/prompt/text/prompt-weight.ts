/** @file Ctrl+Up and Ctrl+Down in a prompt: the weight of the selected words, or of the words at the caret, changes by the step that an option gives. */

/** A text and its selection, as in a textarea. */
export interface TextSelection {
  text: string;
  start: number;
  end: number;
}

/** Characters that end a word for Ctrl+Up without a selection. */
const BETWEEN_WORDS = /[\s.,\\/!?%^*;:{}=`~()[\]<>|]/;

/** `:1.3)` right behind a selection, when it is the end of a weighted group. */
const WEIGHT_BEHIND = /^:([+-]?(?:\d+\.?\d*|\.\d+))\)/;

/**
 * The text with the weight of its selection changed by `delta`, and the same words selected again, so that the key can be pressed
 * again. Without a selection the group around the caret is changed, or else the word. A weight of 1 removes its brackets again.
 */
export function changeWeight(selection: TextSelection, delta: number): TextSelection {
  const target = trimmed(selection.start === selection.end ? wordsAtCaret(selection) : selection);
  if (target.start === target.end) return selection;

  const { text, start, end } = target;
  const words = text.slice(start, end);
  const weighted = text[start - 1] === "(" ? WEIGHT_BEHIND.exec(text.slice(end)) : null;
  const before = text.slice(0, weighted ? start - 1 : start);
  const after = text.slice(end + (weighted?.[0].length ?? 0));
  const weight = Number(((weighted ? Number(weighted[1]) : 1) + delta).toFixed(4));

  if (weight === 1) return selected(before, words, after);
  return selected(`${before}(`, words, `:${weight})${after}`);
}

/** The inside of the innermost weighted group around the caret, or else the word at the caret. */
function wordsAtCaret({ text, start: caret }: TextSelection): TextSelection {
  return weightedGroupAt(text, caret) ?? wordAt(text, caret);
}

function weightedGroupAt(text: string, caret: number): TextSelection | null {
  const open = openBracketBefore(text, caret);
  if (open < 0) return null;
  const close = closeBracketAfter(text, caret);
  if (close < 0) return null;
  const inside = text.slice(open + 1, close);
  const colon = inside.lastIndexOf(":");
  if (colon <= 0 || !WEIGHT_BEHIND.test(`${inside.slice(colon)})`)) return null;
  return { text, start: open + 1, end: open + 1 + colon };
}

function openBracketBefore(text: string, caret: number): number {
  let depth = 0;
  for (let i = caret - 1; i >= 0; i--) {
    if (isEscaped(text, i)) continue;
    if (text[i] === ")") depth++;
    else if (text[i] === "(" && depth-- === 0) return i;
  }
  return -1;
}

function closeBracketAfter(text: string, caret: number): number {
  let depth = 0;
  for (let i = caret; i < text.length; i++) {
    if (isEscaped(text, i)) continue;
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && depth-- === 0) return i;
  }
  return -1;
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

function wordAt(text: string, caret: number): TextSelection {
  let start = caret;
  let end = caret;
  while (start > 0 && !BETWEEN_WORDS.test(text[start - 1] ?? " ")) start--;
  while (end < text.length && !BETWEEN_WORDS.test(text[end] ?? " ")) end++;
  return { text, start, end };
}

/** The selection without the spaces that a double click adds. */
function trimmed({ text, start, end }: TextSelection): TextSelection {
  let from = start;
  let to = end;
  while (from < to && /\s/.test(text[from] ?? "")) from++;
  while (to > from && /\s/.test(text[to - 1] ?? "")) to--;
  return { text, start: from, end: to };
}

function selected(before: string, words: string, after: string): TextSelection {
  return { text: before + words + after, start: before.length, end: before.length + words.length };
}
