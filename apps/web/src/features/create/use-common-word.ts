/** @file Whether a name for an embedding is a word that prompts use anyway. */
import { useDebouncedValue } from "@mantine/hooks";
import { useRoute } from "../../api/queries.ts";

/** A longer name is no word; the server need not count it. */
const MAX_CHARACTERS = 100;
/** CLIP's vocabulary is in the order in which its words were merged, the frequent ones first. */
const COMMON_TOKENS = 20_000;

/** True if all words of the name are whole, frequent tokens of the vocabulary: "woman", "oil painting". */
export function useCommonWord(name: string): boolean {
  const [settled] = useDebouncedValue(name.trim(), 250);
  const isAsked = settled !== "" && settled.length <= MAX_CHARACTERS;
  const tokens = useRoute("tokenize", isAsked ? { body: { text: settled } } : null).data?.tokens ?? [];
  const words = settled.split(/\s+/u);
  return isAsked && tokens.length === words.length && tokens.every(({ id }) => id < COMMON_TOKENS);
}
