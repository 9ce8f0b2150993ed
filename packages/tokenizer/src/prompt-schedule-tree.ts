/** @file The brackets of a prompt as a tree of texts, edits and alternations, in one pass without recursion. */

/** A range of the prompt, from `start` up to but not including `end`. */
export interface PromptRange {
  kind: "text";
  start: number;
  end: number;
}

/** Plain text, or a group whose text changes over time. The two options of an edit are the texts before and after `when`. */
export type SchedulePiece =
  | PromptRange
  | { kind: "edit"; options: readonly [readonly SchedulePiece[], readonly SchedulePiece[]]; when: string }
  | { kind: "alternate"; options: readonly (readonly SchedulePiece[])[] };

/** A backslash with the character that it escapes, a character with a meaning, or a run of other characters. */
const TOKEN = /\\[^\n]|[[\]():|\\]|[^\\[\]():|]+/gu;
/** The number of the switch, with optional white space before and after it. */
const WHEN = /^\s*([+-]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)\s*$/u;

/** A bracket that is still open: its fields so far and the `:` or `|` between them. */
interface OpenGroup {
  bracket: "(" | "[";
  /** The bracket's place in the prompt. */
  start: number;
  fields: SchedulePiece[][];
  separators: { letter: ":" | "|"; start: number }[];
}

/**
 * The tree, or undefined where A1111's grammar fails and the whole prompt is text: a `|` outside square brackets, a backslash at the
 * end or before a newline. A bracket that makes no group is text, and so are all open brackets around it; complete groups inside stay groups.
 */
export function parseScheduleTree(prompt: string): SchedulePiece[] | undefined {
  const top: SchedulePiece[] = [];
  let open: OpenGroup[] = [];
  for (const { 0: token, index: start } of prompt.matchAll(TOKEN)) {
    const text: PromptRange = { kind: "text", start, end: start + token.length };
    const group = open.at(-1);
    const target = group?.fields.at(-1) ?? top;
    if (token === "\\") return undefined;
    if (token === "(" || token === "[") open.push({ bracket: token, start, fields: [[]], separators: [] });
    else if (token === "|" && group?.bracket !== "[") return undefined;
    else if (group && (token === "|" || token === ":")) {
      group.separators.push({ letter: token, start });
      group.fields.push([]);
    } else if (token === ")" || token === "]") {
      const closed = group && closeGroup(group, text, prompt);
      if (closed) {
        open.pop();
        append(open.at(-1)?.fields.at(-1) ?? top, closed);
        continue;
      }
      if (!appendAsText(top, open)) return undefined;
      append(top, [text]);
      open = [];
    } else append(target, [text]);
  }
  return appendAsText(top, open) ? top : undefined;
}

/** False if a `|` would become text, which A1111's grammar does not allow. */
function appendAsText(top: SchedulePiece[], open: readonly OpenGroup[]): boolean {
  for (const group of open) {
    if (group.separators.some(({ letter }) => letter === "|")) return false;
    append(top, [oneCharacter(group.start)]);
    append(top, joined(group));
  }
  return true;
}

function oneCharacter(start: number): PromptRange {
  return { kind: "text", start, end: start + 1 };
}

/** Joins neighbouring texts, which always touch, so that deep nesting copies one piece for each level instead of all pieces. */
function append(target: SchedulePiece[], pieces: readonly SchedulePiece[]): void {
  for (const piece of pieces) {
    const last = target.at(-1);
    if (piece.kind === "text" && last?.kind === "text") target[target.length - 1] = { ...last, end: piece.end };
    else target.push(piece);
  }
}

/** The pieces of the group that `closing` ends, or undefined if the brackets make no group. Emphasis stays text with its brackets. */
function closeGroup(group: OpenGroup, closing: PromptRange, prompt: string): SchedulePiece[] | undefined {
  const { bracket, start, fields, separators } = group;
  if ((bracket === "(") !== (prompt[closing.start] === ")")) return undefined;
  const colons = separators.filter(({ letter }) => letter === ":").length;
  const isEmphasis = separators.length === 0 || (bracket === "(" && colons === 1);
  if (isEmphasis) {
    const text: SchedulePiece[] = [oneCharacter(start)];
    append(text, joined(group));
    append(text, [closing]);
    return text;
  }
  if (bracket === "(") return undefined;
  if (colons === 0) return [{ kind: "alternate", options: fields }];
  const [last] = fields.at(-1)!;
  const isText = last?.kind === "text" && fields.at(-1)!.length === 1;
  const when = isText ? WHEN.exec(prompt.slice(last.start, last.end))?.[1] : undefined;
  if (when === undefined || colons !== separators.length || colons > 2) return undefined;
  const [before, after] = colons === 2 ? [fields[0]!, fields[1]!] : [[], fields[0]!];
  return [{ kind: "edit", options: [before, after], when }];
}

function joined({ fields, separators }: OpenGroup): SchedulePiece[] {
  const pieces: SchedulePiece[] = [];
  fields.forEach((field, i) => {
    if (i > 0) append(pieces, [oneCharacter(separators[i - 1]!.start)]);
    append(pieces, field);
  });
  return pieces;
}
