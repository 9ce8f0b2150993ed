/** @file PNG Info: reads how a picture was made, from an uploaded picture or from a picture inside the roots. */
import { LexemeError } from "@lexeme/core";

import { pictureInfo } from "../library/pictures/picture-info.ts";
import { notAPicture, readWholeFile, requirePictureFile, requirePictureName } from "@lexeme/data-folder";
import type { HandlersOf } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";

export function pictureInfoRoutes({ roots }: Services): HandlersOf<"getPictureInfo" | "readPictureInfo"> {
  return {
    async getPictureInfo({ query }) {
      const path = await roots.requireInside(query.path);
      requirePictureName(path);
      await requirePictureFile(path).catch((cause: unknown) => {
        throw notAPicture(path, cause);
      });
      return pictureInfo(await readWholeFile(path), path);
    },
    async readPictureInfo({ raw }) {
      const file = raw.isMultipart() ? await raw.file() : undefined;
      if (file === undefined) throw new LexemeError("REQUEST_MALFORMED", "Upload one picture as multipart/form-data");
      const bytes = await file.toBuffer();
      if (file.file.truncated) {
        throw new LexemeError("NOT_A_PICTURE", `"${file.filename}" is larger than an uploaded picture may be`);
      }
      return pictureInfo(bytes, file.filename);
    },
  };
}
