export { ClipTokenizer, END_TOKEN, START_TOKEN, type ClipTokenizerData, type DisplayToken } from "./clip-tokenizer.ts";
export { cleanPrompt, type HtmlEntities } from "./text-cleanup.ts";
export { EmbeddingIndex, type NamedEmbedding } from "./embedding-index.ts";
export {
  CHUNK_LENGTH,
  chunkPrompt,
  countPromptTokens,
  emptyChunk,
  type ChunkedPrompt,
  type ChunkOptions,
  type LearnedPosition,
  type PromptChunk,
} from "./prompt-chunks.ts";
export { removeExtraNetworks, stripPromptComments } from "./prompt-preparation.ts";
export { parsePromptWeights, type PromptSegment } from "./prompt-weights.ts";
