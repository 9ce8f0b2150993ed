/** @file Facts about the running server: version, folders, device, checkpoint, VAE, upscalers and the demo's settings. */
import { cpus, freemem, totalmem } from "node:os";
import { basename } from "node:path";
import { DEMO_CHECKPOINT_PATH, DEMO_PHOTOS_DIR, DEMO_SETTINGS } from "@lexeme/demo";
import type { System } from "@lexeme/protocol";
import type { FastifyRequest } from "fastify";
import { visitorOf } from "../plugins/sign-in.ts";
import type { HandlersOf } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";
import { PROGRAM_VERSION } from "../version.ts";

export function systemRoutes(
  services: Services,
): HandlersOf<
  "getSystem" | "listCheckpoints" | "listVaes" | "listUpscalers" | "chooseCheckpoint" | "chooseVae" | "setFolderAccess"
> {
  const { checkpoints, vaes, upscalers, folderAccess } = services;
  return {
    getSystem: ({ raw }) => describeSystem(services, raw),
    listCheckpoints: () => checkpoints.list(),
    listVaes: () => vaes.list(),
    listUpscalers: () => upscalers.list(),
    async chooseCheckpoint({ body, raw }) {
      await checkpoints.choose(body.name);
      return describeSystem(services, raw);
    },
    async chooseVae({ body, raw }) {
      await vaes.choose(body.vae);
      return describeSystem(services, raw);
    },
    async setFolderAccess({ body, raw }) {
      await folderAccess.set(body.anyFolder, { headers: raw.headers, address: raw.ip });
      return describeSystem(services, raw);
    },
  };
}

async function describeSystem(services: Services, request: FastifyRequest): Promise<System> {
  const { config, folders, checkpoints, vaes, sessions, deviceStatus } = services;
  return {
    version: PROGRAM_VERSION,
    troubles: [...services.health.troubles],
    dataDir: folders.dataDir,
    folders: {
      checkpoints: folders.checkpoints,
      embeddings: folders.embeddings,
      datasets: folders.datasets,
      outputs: folders.outputs,
      logs: folders.runs,
      templates: folders.templates,
    },
    folderAccess: services.folderAccess.state,
    checkpoint: await checkpoints.chosen(),
    missingCheckpoint: await checkpoints.missing(),
    vae: await vaes.chosen(),
    device: {
      state: deviceStatus.state,
      asked: config.device,
      used: deviceStatus.report?.used ?? null,
      fallbackReason: deviceStatus.report?.fallbackReason ?? null,
      threads: deviceStatus.report?.threads ?? null,
    },
    cpuModel: cpus()[0]?.model.trim() ?? "unknown",
    memory: { totalBytes: totalmem(), freeBytes: freemem(), usableBytes: config.memoryBytes },
    signedInAs: sessions.require(visitorOf(request)),
    demo: {
      checkpoint: basename(DEMO_CHECKPOINT_PATH),
      photos: DEMO_PHOTOS_DIR,
      suggested: DEMO_SETTINGS,
    },
  };
}
