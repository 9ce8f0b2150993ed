/** @file Reads how a picture was made: its infotext, or the program whose settings it holds in another form. */
import { isPng, withoutPngTexts } from "@lexeme/formats";
import { novelAiInfotext, otherProgram, parseInfotext } from "@lexeme/domain/infotext";
import type { PictureInfo } from "@lexeme/protocol";
import { notAPicture, openPicture, requireNoDrawing } from "@lexeme/data-folder";
import { pictureTexts } from "./picture-texts.ts";

/** The beginning of a node graph that ComfyUI stores in EXIF. */
const WORKFLOW_IN_EXIF = /(?:workflow|prompt):\s*\{/iu;

/** Reads PNG, JPEG, WebP, AVIF, GIF and other formats with EXIF. `name` is for the message. Throws LexemeError `NOT_A_PICTURE`. */
export async function pictureInfo(bytes: Uint8Array, name: string): Promise<PictureInfo> {
  const { width, height, exif } = await header(bytes).catch((cause: unknown) => {
    throw notAPicture(name, cause);
  });
  const { infotext: own, comment, texts } = pictureTexts(bytes, exif);
  const isGraph = exif !== undefined && WORKFLOW_IN_EXIF.test(exif.toString("latin1"));
  const program = otherProgram(texts) ?? (isGraph ? "ComfyUI" : null);
  const infotext = novelAiInfotext(texts, { width, height }) ?? own ?? infotextIn(comment) ?? null;
  const { prompt, negativePrompt, parameters } = parseInfotext(infotext ?? "");
  return {
    width,
    height,
    kind: infotext !== null ? "infotext" : program === null ? "none" : "workflow",
    program,
    infotext,
    prompt,
    negativePrompt,
    parameters: Object.fromEntries(parameters),
  };
}

/** A comment without settings is no infotext: programs write their own name there. */
function infotextIn(comment: string | undefined): string | undefined {
  return comment !== undefined && parseInfotext(comment).parameters.size > 0 ? comment : undefined;
}

async function header(bytes: Uint8Array) {
  const metadata = await openPicture(isPng(bytes) ? withoutPngTexts(bytes) : bytes).metadata();
  requireNoDrawing(metadata.format);
  return metadata;
}
