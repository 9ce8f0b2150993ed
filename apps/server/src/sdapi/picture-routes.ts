/** @file The route png-info for pictures that programs send, and the routes of A1111 that Lexeme does not support. */
import { LexemeError } from "@lexeme/core";
import { isPng, readPngTexts } from "@lexeme/formats";
import { z } from "zod";

import { pictureInfo } from "../library/pictures/picture-info.ts";
import { post, type SdapiRoute } from "./route.ts";
import { notThere } from "./sdapi-errors.ts";

const PngInfoSchema = z.looseObject({
  image: z.string().meta({ description: "The picture as base64, or as a data URI" }),
});

export function pictureSdapiRoutes(): SdapiRoute[] {
  return [
    post("/sdapi/v1/png-info", {
      summary: "Read from a picture how it was made",
      body: PngInfoSchema,
      handler: ({ body }) => pngInfo(body.image),
    }),
    ...UNSUPPORTED.map(([path, sentence]) =>
      post(`/sdapi/v1/${path}`, {
        summary: `Not supported: ${sentence}`,
        async handler() {
          throw notThere(sentence);
        },
      }),
    ),
  ];
}

const UNSUPPORTED = [
  ["img2img", "Lexeme has no img2img: use txt2img"],
  ["extra-single-image", "Lexeme cannot work on finished pictures yet: hires fix of txt2img makes larger ones"],
  ["extra-batch-images", "Lexeme cannot work on finished pictures yet: hires fix of txt2img makes larger ones"],
  ["interrogate", "Lexeme cannot describe pictures yet: it has neither BLIP nor DeepDanbooru"],
  ["create/hypernetwork", "Lexeme has no hypernetworks: embeddings can be created and trained"],
  ["train/hypernetwork", "Lexeme has no hypernetworks: embeddings can be created and trained"],
  ["server-kill", "Lexeme cannot be ended by a request: press Ctrl+C in the terminal where it runs"],
  ["server-restart", "Lexeme cannot be ended by a request: press Ctrl+C in the terminal where it runs"],
  ["server-stop", "Lexeme cannot be ended by a request: press Ctrl+C in the terminal where it runs"],
] as const;

async function pngInfo(image: string) {
  if (image.trim() === "") throw new LexemeError("NOT_A_PICTURE", "image is empty: send a picture as base64");
  const bytes = decodePicture(image);
  const { infotext, prompt, negativePrompt, parameters } = await pictureInfo(bytes, "image");
  const texts = isPng(bytes) ? readPngTexts(bytes).map(({ keyword, text }) => [keyword, text]) : [];
  const items = { ...Object.fromEntries(texts), ...(infotext === null ? {} : { parameters: infotext }) };
  if (infotext === null) return { info: "", items, parameters: {} };
  return {
    info: infotext,
    items,
    parameters: { Prompt: prompt, "Negative prompt": negativePrompt, ...parameters },
  };
}

/** Decodes base64, with or without the head of a data URI. An address is refused, because the server fetches no files from addresses. */
function decodePicture(image: string): Uint8Array {
  if (/^https?:/iu.test(image)) {
    throw notThere("Lexeme does not fetch pictures from addresses: send the picture itself as base64");
  }
  const base64 = image.startsWith("data:") ? image.slice(image.indexOf(",") + 1) : image;
  if (!/^[A-Za-z0-9+/_\-\s]+=*\s*$/u.test(base64.slice(0, 1000))) {
    throw new LexemeError("NOT_A_PICTURE", "image cannot be read: it is neither base64 nor a data URI");
  }
  return Buffer.from(base64, "base64");
}
