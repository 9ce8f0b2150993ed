/** @file The embedding that is carried from tab to tab, as long as it exists. */
import { isSameWord } from "@lexeme/domain/libraries";
import { useSession } from "../../state/session.ts";
import { useWords } from "./embedding-words.ts";

/** Its name; null if none is chosen, or if the chosen one was deleted or renamed elsewhere. */
export function useChosenWord(): string | null {
  const chosen = useSession((state) => state.embedding);
  const { words, isKnown } = useWords();
  if (chosen === null || !isKnown) return chosen;
  return words.some(({ name }) => isSameWord(name, chosen)) ? chosen : null;
}
