/** @file Reads how a picture was made: its infotext from PNG text or EXIF, or the fact that it holds only a workflow. */
import { isPng, readExifUserComment, readPngTexts, withoutPngTexts } from "@lexeme/formats";
import { parseInfotext } from "@lexeme/domain/infotext";
import type { PictureInfo } from "@lexeme/protocol";
import { notAPicture, openPicture, requireNoDrawing } from "@lexeme/data-folder";

/** Keywords and EXIF prefixes under which ComfyUI and similar programs store node graphs. */
const WORKFLOW_KEYWORDS: ReadonlySet<string> = new Set(["workflow", "prompt"]);
const WORKFLOW_IN_EXIF = /(?:workflow|prompt):\s*\{/iu;

/** Reads PNG, JPEG, WebP and other formats with EXIF. `name` is for the message. Throws LexemeError `NOT_A_PICTURE`. */
export async function pictureInfo(bytes: Uint8Array, name: string): Promise<PictureInfo> {
  const { format, width, height, exif } = await header(bytes).catch((cause: unknown) => {
    throw notAPicture(name, cause);
  });
  const texts = format === "png" ? readPngTexts(bytes) : [];
  const infotext =
    texts.find(({ keyword }) => keyword === "parameters")?.text ?? (exif && readExifUserComment(exif)) ?? null;
  const hasWorkflow =
    texts.some(({ keyword }) => WORKFLOW_KEYWORDS.has(keyword)) ||
    (exif !== undefined && WORKFLOW_IN_EXIF.test(exif.toString("latin1")));
  const { prompt, negativePrompt, parameters } = parseInfotext(infotext ?? "");
  return {
    width,
    height,
    kind: infotext !== null ? "infotext" : hasWorkflow ? "workflow" : "none",
    infotext,
    prompt,
    negativePrompt,
    parameters: Object.fromEntries(parameters),
  };
}

async function header(bytes: Uint8Array) {
  const metadata = await openPicture(isPng(bytes) ? withoutPngTexts(bytes) : bytes).metadata();
  requireNoDrawing(metadata.format);
  return metadata;
}
