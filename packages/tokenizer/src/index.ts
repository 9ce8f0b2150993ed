export { ClipTokenizer, END_TOKEN, START_TOKEN, type ClipTokenizerData, type DisplayToken } from "./clip-tokenizer.ts";
export { cleanPrompt, type HtmlEntities } from "./text-cleanup.ts";
