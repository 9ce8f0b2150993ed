export { PromptStyleSchema, StyleListSchema, applyStyles, type PromptStyle, type StyleList } from "./prompt-styles.ts";
