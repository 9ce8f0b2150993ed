/** @file Asks the server for a picture's infotext, wherever the picture comes from. */
import { LexemeError } from "@lexeme/core";
import { parseInfotext } from "@lexeme/domain/infotext";
import type { PictureInfo } from "@lexeme/protocol";
import type { PictureSource } from "../../state/picture-source.ts";
import { call, uploadForm } from "../../api/client.ts";

/** A picture's size and infotext; a text alone has no size. Throws the server's LexemeError for a file that is no picture. */
export async function readPicture(source: PictureSource, signal?: AbortSignal): Promise<PictureInfo> {
  const options = signal === undefined ? {} : { signal };
  switch (source.kind) {
    case "path":
      return call("getPictureInfo", { query: { path: source.path } }, options);
    case "file": {
      if (source.file.size > MAX_FILE_BYTES) throw tooLarge(source.file);
      const form = new FormData();
      form.append("picture", source.file, source.file.name);
      return uploadForm("readPictureInfo", form, options);
    }
    case "infotext":
      return infoOfText(source.infotext);
  }
}

/** The largest file that the server takes; a larger one is not sent at all. */
const MAX_FILE_BYTES = 64 << 20;

function tooLarge({ name, size }: File): LexemeError {
  return new LexemeError(
    "NOT_A_PICTURE",
    `“${name}” is too large to be a picture: ${Math.round(size / 2 ** 20)} MiB, and ${MAX_FILE_BYTES >> 20} MiB can be read`,
  );
}

function infoOfText(infotext: string): PictureInfo {
  const { prompt, negativePrompt, parameters } = parseInfotext(infotext);
  return {
    width: 0,
    height: 0,
    kind: parameters.size > 0 ? "infotext" : "none",
    program: null,
    infotext,
    prompt,
    negativePrompt,
    parameters: Object.fromEntries(parameters),
  };
}
