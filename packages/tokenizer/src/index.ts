export { ClipTokenizer, END_TOKEN } from "./clip-tokenizer.ts";
export { EmbeddingIndex, type NamedEmbedding } from "./embedding-index.ts";
export { CHUNK_LENGTH, chunkPrompt, emptyChunk, type PromptChunk } from "./prompt-chunks.ts";
export { findExtraNetworks, preparePrompt, stripPromptComments, type PreparedPrompt } from "./prompt-preparation.ts";
export { segmentAtCall, type PromptSegmentInTime } from "./prompt-schedule.ts";
export { parsePromptWeights, promptFault, requireReadableLines, templateLinesFault } from "./prompt-weights.ts";
export { promptSpans } from "./prompt-spans.ts";
