/** @file A checkpoint's text encoder as a function. */
import { CHUNK_TOKENS } from "@lexeme/networks";
import type { PromptChunk } from "@lexeme/tokenizer";
import { learnedFeed, tokenFeeds, type LearnedRows } from "../prompt/text-feeds.ts";
import { textEncoderRequest } from "./network-requests.ts";
import type { Conditioning } from "./network-values.ts";
import { runFor, type OpenNetworks } from "./open-networks.ts";

export interface EncodePromptOptions {
  readonly rows: LearnedRows;
  readonly clipSkip: number;
}

/** Encodes one prompt chunk by chunk, because for a single prompt emphasis restores the mean of each chunk separately. */
export async function encodePrompt(
  networks: OpenNetworks,
  chunks: readonly PromptChunk[],
  options: EncodePromptOptions,
): Promise<Conditioning> {
  const { checkpoint, pool, graphOptions } = networks;
  const clipSkip = checkpoint.ignoresClipSkip ? 1 : options.clipSkip;
  const { textWidth } = checkpoint.sizes;
  const data = new Float32Array(chunks.length * CHUNK_TOKENS * textWidth);
  for (const [index, chunk] of chunks.entries()) {
    await networks.checkForCancel();
    const session = await pool.get(textEncoderRequest(checkpoint, graphOptions, clipSkip));
    const feeds = { ...tokenFeeds([[chunk]], checkpoint), learned: learnedFeed(chunk, options.rows, textWidth) };
    data.set(await runFor(session, feeds, "context"), index * CHUNK_TOKENS * textWidth);
  }
  return { tokens: chunks.length * CHUNK_TOKENS, data };
}
