/** @file The settings of Create Embedding: A1111's four fields, the checkpoint and the file format. */
import { z } from "zod";
import { embeddingFormatOf } from "../libraries/embedding-formats.ts";
import { fileNameFault } from "../libraries/file-name.ts";
import { CHECKPOINT_TEXT, PATH_TEXT } from "./bounded-text.ts";
import { fileFormatField } from "./file-format-field.ts";
import { setting } from "./setting.ts";

/** A1111 keeps letters, digits, `.`, `_`, `-` and spaces of a name and drops other characters without a message; we refuse them. Marks are parts of letters in many scripts. */
const ALLOWED_NAME = /^[\p{L}\p{M}\p{N}._\- ]+$/u;

/** The name of a new embedding. */
export const EmbeddingNameSchema = z
  .string()
  .trim()
  .min(1, "Give the embedding a name: it is the word that calls it in a prompt")
  .max(100, "A name has at most 100 characters")
  .regex(ALLOWED_NAME, "A name may hold letters, digits, spaces and . _ - only")
  .superRefine((name, context) => {
    const message = fileNameFault(name) ?? endingFault(name);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

/** A sentence for a name with the ending of an embedding's file, because the file would be `mira.pt.pt`. */
function endingFault(name: string): string | undefined {
  const format = embeddingFormatOf(name);
  return format && `Leave out the ending ".${format}": the file gets its ending from its format`;
}

/** The name of an existing embedding. Any file name is possible: `charturner(v2)` and `it's` are words that work. */
export const ExistingEmbeddingNameSchema = PATH_TEXT.min(1, "Choose an embedding");

/** The name of an embedding that exists or that is made from a copy, used as a file name: no path, no hidden file. */
export const EmbeddingFileNameSchema = ExistingEmbeddingNameSchema.regex(
  /^[^./\\\p{Cc}][^/\\\p{Cc}]*$/u,
  "A file name cannot contain a slash or begin with a dot",
);

export const CreateEmbeddingSettingsSchema = z.object({
  name: setting(EmbeddingNameSchema, { title: "Name", description: "The word that will call it in a prompt" }),
  initText: setting(z.string().default("*"), {
    title: "Initialization text",
    description: "The vectors start as the vectors of these words; if empty, they start as zeros",
  }),
  numVectorsPerToken: setting(z.number().int().min(1).max(75).default(1), {
    title: "Number of vectors per token",
    description: "More vectors can learn more, and take more of a prompt's 75 tokens",
  }),
  overwriteOld: setting(z.boolean().default(false), { title: "Overwrite old embedding" }),
  /** The checkpoint whose token table gives the initial vectors; null is the checkpoint chosen on the page. */
  checkpoint: CHECKPOINT_TEXT,
  fileFormat: fileFormatField,
});

export type CreateEmbeddingSettings = z.infer<typeof CreateEmbeddingSettingsSchema>;
