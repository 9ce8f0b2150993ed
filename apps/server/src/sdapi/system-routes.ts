/** @file What A1111 tells of itself: scripts, flags, memory; and giving the checkpoint's memory back. */
import { freemem, totalmem } from "node:os";
import type { Services } from "../services.ts";
import { get, post, type SdapiRoute } from "./route.ts";

export function systemSdapiRoutes(services: Services): SdapiRoute[] {
  return [
    get("/sdapi/v1/scripts", {
      // The Python client asks for these when it is made.
      summary: "Scripts: there are none",
      handler: async () => ({ txt2img: [], img2img: [] }),
    }),
    get("/sdapi/v1/script-info", { summary: "Scripts' arguments: there are none", handler: async () => [] }),
    get("/sdapi/v1/cmd-flags", { summary: "How the server was started", handler: async () => flagsOf(services) }),
    get("/sdapi/v1/memory", {
      summary: "Memory in bytes",
      handler: async () => ({
        ram: { free: freemem(), used: totalmem() - freemem(), total: totalmem() },
        cuda: { error: "unavailable" },
      }),
    }),
    post("/sdapi/v1/unload-checkpoint", {
      summary: "Give the memory of the checkpoint back, unless a job uses it",
      async handler() {
        services.jobs.unload("device");
        return {};
      },
    }),
    post("/sdapi/v1/reload-checkpoint", {
      summary: "Nothing to do: the next job opens the checkpoint",
      handler: async () => ({}),
    }),
  ];
}

/** By A1111's names, as far as they mean something here; never a password. */
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
