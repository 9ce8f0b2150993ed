/** @file The weight under the cursor and the tokens of each chunk beside a prompt, and hints about odd places below it, because A1111 takes any brackets. */
import { Group } from "@mantine/core";
import type { Tokenized } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { formatCount } from "../../ui/text/format.ts";
import { MAX_PROMPT_CHARACTERS } from "./use-tokenized.ts";
import classes from "./prompt-editor.module.css";

/** If there are more chunks than this, only their sum is shown. */
const SHOWN_CHUNKS = 4;
const SHOWN_HINTS = 3;

export function TokenCount({ answer, length }: { answer: Tokenized | null; length: number }): ReactNode {
  if (length > MAX_PROMPT_CHARACTERS) {
    return (
      <span className={classes["count"]} title="The prompt is longer than 100,000 characters; it can still be drawn">
        not counted
      </span>
    );
  }
  if (answer === null) return <span className={classes["count"]}> </span>;
  return (
    <span className={classes["count"]} title={explanation(answer)}>
      {countText(answer)}
    </span>
  );
}

/** Each sentence once, with its first place and how often it occurs. */
export function countHints(hints: Tokenized["hints"]): { message: string; position: number; times: number }[] {
  const found = new Map<string, { message: string; position: number; times: number }>();
  for (const { message, position } of hints) {
    const known = found.get(message);
    if (known === undefined) found.set(message, { message, position, times: 1 });
    else known.times++;
  }
  return [...found.values()];
}

/** "23/75" for one chunk, "75 + 23 / 150" for more. */
export function countText({ used, limit, chunks }: Pick<Tokenized, "used" | "limit" | "chunks">): string {
  if (chunks.length < 2) return `${used}/${limit}`;
  if (chunks.length > SHOWN_CHUNKS) return `${formatCount(used)} / ${formatCount(limit)}`;
  return `${chunks.join(" + ")} / ${limit}`;
}

function explanation({ used, chunks }: Tokenized): string {
  if (chunks.length < 2) return "Tokens used, and tokens that fit into one chunk";
  return `${formatCount(used)} tokens in ${formatCount(chunks.length)} chunks of 75, which the text encoder reads one by one`;
}

/** The weight under the cursor; nothing without a cursor. */
export function WeightAtCaret({ weight }: { weight: number | null }): ReactNode {
  if (weight === null) return null;
  return (
    <span className={classes["weight"]} title="Effective weight under the cursor, nested brackets multiplied">
      × {Number(weight.toFixed(3))}
    </span>
  );
}

/** At most three hints, each a button that leads to its first place. */
export function PromptHints(props: { hints: Tokenized["hints"]; onSeek: (position: number) => void }): ReactNode {
  const { hints, onSeek } = props;
  const kinds = countHints(hints);
  if (kinds.length === 0) return null;
  return (
    <Group gap={4} mt={4}>
      {kinds.slice(0, SHOWN_HINTS).map(({ message, position, times }) => (
        <button key={message} type="button" className={classes["hint"]} onClick={() => onSeek(position)}>
          {times === 1 ? message : `${message} (${formatCount(times)} times)`}
        </button>
      ))}
      {kinds.length > SHOWN_HINTS ? (
        <span className={classes["more"]}>and {formatCount(kinds.length - SHOWN_HINTS)} more</span>
      ) : null}
    </Group>
  );
}
