/** @file Asks the server to read a prompt by its grammar, whenever typing pauses. */
import { useDebouncedValue } from "@mantine/hooks";
import type { Tokenized } from "@lexeme/protocol";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { call } from "../../api/client.ts";
import { moveSpans, shownSpans, type ShownSpan } from "./text/prompt-spans.ts";

/** The most characters that the route takes. */
export const MAX_PROMPT_CHARACTERS = 100_000;

const PAUSE_MS = 200;
/** A long prompt takes the server a while, so it is asked less often. */
const LONG_PROMPT = 10_000;
const LONG_PAUSE_MS = 800;

export interface TokenizeRequest {
  text: string;
  role: "positive" | "negative";
  /** Names of embeddings; with another list the prompt is counted again. */
  names: readonly string[];
}

export interface TokenizedPrompt {
  /** The last answer, which may be of a slightly older text; null before the first answer, and for a text that is too long. */
  answer: Tokenized | null;
  /** The spans to draw behind the present text. */
  spans: readonly ShownSpan[];
}

export function useTokenized({ text, role, names }: TokenizeRequest): TokenizedPrompt {
  const [settled] = useDebouncedValue(text, text.length > LONG_PROMPT ? LONG_PAUSE_MS : PAUSE_MS);
  const isTooLong = settled.length > MAX_PROMPT_CHARACTERS;
  const { data } = useQuery({
    queryKey: ["tokenize", role, settled, names],
    queryFn: async ({ signal }) => ({
      of: settled,
      answer: await call("tokenize", { body: { text: settled, role } }, { signal }),
    }),
    enabled: !isTooLong,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  const shown = useMemo(() => (data === undefined ? [] : shownSpans(data.answer)), [data]);
  const spans = useMemo(() => (data === undefined ? [] : moveSpans(shown, data.of, text)), [shown, data, text]);
  return { answer: isTooLong ? null : (data?.answer ?? null), spans };
}
