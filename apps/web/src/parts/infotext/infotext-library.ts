/** @file The present lists of this server, with which an infotext's settings are compared. */
import { AUTOMATIC_VAE } from "@lexeme/domain/settings";
import { useMemo } from "react";
import type { InfotextLibrary } from "./infotext-note.ts";
import { useCheckpoints, useEmbeddings, useSystem, useUpscalers, useVaes } from "../../api/queries.ts";

export function useInfotextLibrary(): InfotextLibrary {
  const checkpoints = useCheckpoints().data;
  const vaes = useVaes().data;
  const embeddings = useEmbeddings().data;
  const upscalers = useUpscalers().data;
  const system = useSystem().data;
  return useMemo(
    () => ({
      checkpoints: checkpoints ?? [],
      checkpoint: system?.checkpoint ?? null,
      vaes: vaes ?? [],
      vae: system?.vae ?? AUTOMATIC_VAE,
      embeddings: embeddings ?? [],
      upscalers: upscalers?.map(({ name }) => name) ?? null,
    }),
    [checkpoints, vaes, embeddings, upscalers, system?.checkpoint, system?.vae],
  );
}
