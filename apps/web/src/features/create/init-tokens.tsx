/** @file The tokens of the initialization text, and those of them that the vectors take. */
import { useDebouncedValue } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useRoute } from "../../api/queries.ts";
import { formatPlural } from "../../ui/text/format.ts";
import { TokenChips } from "../../ui/text/token-chips.tsx";
import styles from "./init-tokens.module.css";

export function InitTokens({ text, vectors }: { text: string; vectors: number }): ReactNode {
  const [settled] = useDebouncedValue(text, 250);
  const tokenized = useRoute("tokenize", settled.trim() === "" ? null : { body: { text: settled } });
  const tokens = settled.trim() === "" ? [] : (tokenized.data?.tokens ?? []);
  return (
    <div className={styles["tokens"]}>
      {tokens.length === 0 ? null : <TokenChips tokens={tokens} used={vectors} />}
      <p className={styles["sentence"]}>{sentence(text, tokens.length, vectors)}</p>
    </div>
  );
}

/** A1111 stretches the tokens over the vectors: vector i starts as token floor(i T / N). */
function sentence(text: string, tokens: number, vectors: number): string {
  if (text === "") return "Empty: the vectors start as zeros";
  if (tokens === 0) return "";
  const count = formatPlural(tokens, "token");
  if (!Number.isFinite(vectors) || tokens === vectors) return count;
  if (tokens > vectors)
    return `${count}; the first ${vectors === 1 ? "one" : vectors} of ${tokens} is used`.replace(
      /(\d+) of (\d+) is/,
      "$1 of $2 are",
    );
  return `${count}, spread over ${vectors} vectors`;
}
