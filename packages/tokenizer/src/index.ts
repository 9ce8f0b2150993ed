export {
  ClipTokenizer,
  END_TOKEN,
  START_TOKEN,
  type ClipDialect,
  type ClipTokenizerData,
  type DisplayToken,
} from "./clip-tokenizer.ts";
export { cleanPrompt, type HtmlEntities } from "./text-cleanup.ts";
export { EmbeddingIndex, type NamedEmbedding } from "./embedding-index.ts";
export {
  CHUNK_LENGTH,
  chunkPrompt,
  emptyChunk,
  type ChunkedPrompt,
  type ChunkOptions,
  type LearnedPosition,
  type PromptChunk,
} from "./prompt-chunks.ts";
export {
  findExtraNetworks,
  preparePrompt,
  removeExtraNetworks,
  stripPromptComments,
  type PreparedPrompt,
  type PreparationOptions,
  type ScheduledPart,
} from "./prompt-preparation.ts";
export { splitPromptParts, type PromptPart } from "./prompt-parts.ts";
export {
  promptSchedule,
  segmentAtCall,
  type PromptScheduleOptions,
  type PromptSegmentInTime,
} from "./prompt-schedule.ts";
export { parsePromptWeights, type PromptSegment } from "./prompt-weights.ts";
export { promptSpans } from "./prompt-spans.ts";
