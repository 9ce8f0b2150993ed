/** @file The lists of checkpoints, VAEs, embeddings, samplers, upscalers and styles, and their "refresh" routes. */
import { LATENT_UPSCALERS } from "@lexeme/domain/settings";
import type { Services } from "../services.ts";
import { checkpointModelName, checkpointTitle } from "../library/models/checkpoint-names.ts";
import { get, post, type SdapiRoute } from "./route.ts";
import { listSamplers, listSchedules } from "./sampler-table.ts";

export function modelRoutes(services: Services): SdapiRoute[] {
  const { checkpoints, vaes, upscalers, embeddings, styles } = services;
  return [
    get("/sdapi/v1/sd-models", {
      summary: "Checkpoints that can be used",
      async handler() {
        const all = await checkpoints.list();
        return all
          .filter(({ unsupportedReason }) => unsupportedReason === null)
          .map((one) => ({
            title: checkpointTitle(one),
            model_name: checkpointModelName(one),
            hash: one.shortHash,
            sha256: one.sha256,
            filename: one.path,
            config: null,
          }));
      },
    }),
    get("/sdapi/v1/sd-vae", {
      summary: "Separate VAE files",
      handler: async () => (await vaes.list()).map(({ name, path }) => ({ model_name: name, filename: path })),
    }),
    get("/sdapi/v1/embeddings", {
      summary: "Embeddings that fit the checkpoint, and embeddings that do not",
      async handler() {
        // If several embeddings have one name, only the embedding that a prompt uses is listed. As in A1111, a file that cannot be read is not.
        const all = (await embeddings.list()).filter(
          ({ collision, vectors }) => collision?.isUsed !== false && vectors > 0,
        );
        const shown = all.map(({ name, vectors, width, step, checkpointHash, checkpointName, misfitReason }) => ({
          name,
          fits: misfitReason === null,
          described: {
            step,
            sd_checkpoint: checkpointHash,
            sd_checkpoint_name: checkpointName,
            shape: width,
            vectors,
          },
        }));
        const those = (fits: boolean) =>
          Object.fromEntries(shown.filter((one) => one.fits === fits).map(({ name, described }) => [name, described]));
        return { loaded: those(true), skipped: those(false) };
      },
    }),
    get("/sdapi/v1/samplers", { summary: "Samplers", handler: async () => listSamplers() }),
    get("/sdapi/v1/schedulers", { summary: "Schedule types", handler: async () => listSchedules() }),
    get("/sdapi/v1/upscalers", {
      summary: "Upscalers that work on pixels",
      async handler() {
        const usable = (await upscalers.list()).filter(({ unusableReason }) => unusableReason === null);
        return usable
          .filter(({ kind }) => kind !== "latent")
          .map(({ name, kind, path, scale }) => ({
            name,
            model_name: kind === "model" ? name : null,
            model_path: path,
            model_url: null,
            scale: scale ?? A1111_SCALE,
          }));
      },
    }),
    get("/sdapi/v1/latent-upscale-modes", {
      summary: "Upscalers that work on latents",
      handler: async () => LATENT_UPSCALERS.map((name) => ({ name })),
    }),
    get("/sdapi/v1/prompt-styles", {
      summary: "Styles of styles.csv",
      async handler() {
        const { styles: all } = await styles.list();
        return all.map(({ name, prompt, negativePrompt }) => ({ name, prompt, negative_prompt: negativePrompt }));
      },
    }),
    ...Object.entries({ checkpoints, vae: vaes, embeddings }).map(([what, library]) =>
      post(`/sdapi/v1/refresh-${what}`, {
        // Folders are watched, so the route only drops remembered facts.
        summary: `Look for ${what} again`,
        async handler() {
          library.changed();
          return null;
        },
      }),
    ),
    ...NOT_HERE.map(([path, summary]) => get(`/sdapi/v1/${path}`, { summary, handler: async () => [] })),
  ];
}

/** A1111's scale for upscalers that enlarge to any size. */
const A1111_SCALE = 4;

/** Lists of A1111 that are empty in Lexeme; programs understand empty lists. */
const NOT_HERE = [
  ["hypernetworks", "Hypernetworks: there are none"],
  ["face-restorers", "Face restorers: there are none"],
  ["realesrgan-models", "Real-ESRGAN models for download: there are none"],
  ["loras", "LoRAs: there are none"],
  ["extensions", "Extensions: there are none"],
] as const;
