/** @file A1111's routes about the system: scripts, flags, memory, and the release of the checkpoint's memory. */
import { freemem, totalmem } from "node:os";
import type { Services } from "../services.ts";
import { get, post, type SdapiRoute } from "./route.ts";

export function systemSdapiRoutes(services: Services): SdapiRoute[] {
  return [
    get("/sdapi/v1/scripts", {
      // The Python client requests these lists when it is created.
      summary: "Scripts: there are none",
      handler: async () => ({ txt2img: [], img2img: [] }),
    }),
    get("/sdapi/v1/script-info", { summary: "Scripts' arguments: there are none", handler: async () => [] }),
    get("/sdapi/v1/cmd-flags", {
      summary: "Options with which the server was started",
      handler: async () => flagsOf(services),
    }),
    get("/sdapi/v1/memory", {
      summary: "Memory in bytes",
      handler: async () => ({
        ram: { free: freemem(), used: totalmem() - freemem(), total: totalmem() },
        cuda: { error: "unavailable" },
      }),
    }),
    post("/sdapi/v1/unload-checkpoint", {
      summary: "Free the memory of the checkpoint, unless a job uses it",
      async handler() {
        services.jobs.unload("device");
        return {};
      },
    }),
    post("/sdapi/v1/reload-checkpoint", {
      summary: "Has no effect: the next job opens the checkpoint",
      handler: async () => ({}),
    }),
  ];
}

/** The flags that have a meaning here, under A1111's names; never a password. */
function flagsOf({ config, folders }: Services) {
  const { host, port, api, apiAuth, auth, device } = config;
  return {
    data_dir: folders.dataDir,
    ckpt_dir: folders.checkpoints,
    vae_dir: folders.vaes,
    embeddings_dir: folders.embeddings,
    textual_inversion_templates_dir: folders.templates,
    port,
    server_name: host,
    listen: host === "0.0.0.0",
    api,
    api_auth: apiAuth.length > 0 ? "hidden" : null,
    gradio_auth: auth === null ? null : "hidden",
    nowebui: false,
    device_id: device,
    no_half: true,
  };
}
