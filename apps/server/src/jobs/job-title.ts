/** @file What a job is called in lists. */
import { basename } from "node:path";
import type { JobRequest } from "@lexeme/domain/jobs";

/** A short line for lists. */
export function titleOf(request: JobRequest): string {
  switch (request.kind) {
    case "train-embedding":
      return `Train "${request.settings.embeddingName}"`;
    case "txt2img":
      return titleOfPrompt(request.settings.prompt);
    case "xyz-plot":
      return `Plot: ${titleOfPrompt(request.settings.prompt)}`;
    case "notebook":
      return `Notebook of "${request.settings.embeddingName}"`;
    case "preprocess":
      return `Preprocess "${basename(request.settings.processSrc)}"`;
  }
}

function titleOfPrompt(text: string): string {
  const prompt = text.trim().replaceAll(/\s+/g, " ");
  return prompt === "" ? "Picture without a prompt" : prompt.length > 60 ? `${prompt.slice(0, 59)}…` : prompt;
}
