/** @file Which pictures a search of the gallery wants, by their infotext. */
import { parseInfotext } from "@lexeme/domain/infotext";
import type { GalleryImage } from "@lexeme/protocol";

export interface PictureFilter {
  /** A part of the file's name or of the infotext. */
  search?: string | undefined;
  /** The name of an embedding that the prompts use. */
  word?: string | undefined;
  /** The name of a checkpoint, as infotexts write it. */
  checkpoint?: string | undefined;
}

/** Keys of an infotext that hold prompts or name embeddings. */
const WORD_KEYS = ["TI hashes", "Hires prompt", "Hires negative prompt"];

/** A test of one picture after the other. All parts of the filter must fit. */
export function pictureTest({ search = "", word, checkpoint }: PictureFilter): (image: GalleryImage) => boolean {
  const wanted = search.trim().toLowerCase();
  const name = word?.toLowerCase();
  const model = checkpoint?.toLowerCase();
  return ({ file, infotext }) => {
    const text = (infotext ?? "").toLowerCase();
    if (!text.includes(wanted) && !file.toLowerCase().includes(wanted)) return false;
    // The cheap checks come first: most pictures hold neither.
    if (infotext === null) return name === undefined && model === undefined;
    if (name !== undefined && !(text.includes(name) && usesWord(infotext, name))) return false;
    return model === undefined || (text.includes(model) && checkpointOf(infotext) === model);
  };
}

function usesWord(infotext: string, word: string): boolean {
  const { prompt, negativePrompt, parameters } = parseInfotext(infotext);
  const texts = [prompt, negativePrompt, ...WORD_KEYS.map((key) => parameters.get(key) ?? "")];
  return texts.some((text) => holdsWord(text.toLowerCase(), word));
}

function checkpointOf(infotext: string): string | undefined {
  return parseInfotext(infotext).parameters.get("Model")?.toLowerCase();
}

/** True if the word stands alone, not within a longer word. */
function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const around = [text[at - 1] ?? " ", text[at + word.length] ?? " "];
    if (around.every((character) => !/[\p{L}\p{M}\p{N}_-]/u.test(character))) return true;
  }
  return false;
}
