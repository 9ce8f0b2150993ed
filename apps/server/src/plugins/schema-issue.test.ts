/** @file Sentences for wrong values from a form or a program. */
import { CreateEmbeddingSettingsSchema, Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { JobRequestSchema } from "@lexeme/domain/jobs";
import { expect, test } from "vitest";
import { z } from "zod";
import { issueSentence } from "./schema-issue.ts";

test.each<[value: unknown, sentence: string, schema: z.ZodType]>([
  [{ steps: 5000 }, "steps must be at most 1000", Txt2imgSettingsSchema],
  [{ steps: 1.5 }, "steps must be a whole number", Txt2imgSettingsSchema],
  [{ steps: "many" }, "steps must be a number", Txt2imgSettingsSchema],
  [{ randnSource: "TPU" }, "randnSource must be one of GPU, CPU, NV", Txt2imgSettingsSchema],
  [{}, "name is missing", CreateEmbeddingSettingsSchema],
  [{ name: "" }, "Give the embedding a name: it is the word that calls it in a prompt", CreateEmbeddingSettingsSchema],
  [{ kind: "dance" }, "kind must be one of train-embedding, txt2img, xyz-plot, preprocess, notebook", JobRequestSchema],
  ["text", "The request must be an object", JobRequestSchema],
  [{ list: ["a", "b"] }, "list must have at most 1 entries", z.object({ list: z.array(z.string()).max(1) })],
  [{ text: "ab" }, "text must have at most 1 characters", z.object({ text: z.string().max(1) })],
])("%j: %s", (value, sentence, schema) => {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  expect(issue && issueSentence(issue, issue.path.join("."))).toBe(sentence);
});
