/** @file A1111's options: the same table as on the settings page. */
import { OPTIONS_WITHOUT_EFFECT } from "@lexeme/domain/options";
import { z } from "zod";
import type { Services } from "../services.ts";
import { checkpointTitle, findCheckpoint } from "../library/models/checkpoint-names.ts";
import { get, post, type SdapiRoute } from "./route.ts";

export function optionsRoutes({ options, checkpoints }: Services): SdapiRoute[] {
  /** The last program's text for the checkpoint, and the checkpoint's name: A1111 returns the text as it was sent. */
  let sent: { text: string; name: string } | undefined;

  return [
    get("/sdapi/v1/options", {
      summary: "All options",
      async handler() {
        const { values, withoutEffect } = await options.state();
        const { sd_model_checkpoint: name } = values;
        const chosen = (await checkpoints.list()).find((one) => one.name === name);
        const title = chosen === undefined ? null : checkpointTitle(chosen);
        return {
          ...OPTIONS_WITHOUT_EFFECT,
          ...withoutEffect,
          ...values,
          eta_noise_seed_delta: BigInt(values.eta_noise_seed_delta),
          sd_model_checkpoint: sent?.name === name ? sent.text : title,
          sd_checkpoint_hash: chosen?.sha256 ?? "",
        };
      },
    }),
    post("/sdapi/v1/options", {
      summary: "Set options by name, all of the given options or none",
      body: z.looseObject({}),
      async handler({ body }) {
        // Programs send back all options that they got, but this option cannot be set.
        const { sd_checkpoint_hash: _hash, ...wanted }: Record<string, unknown> = body;
        const text = wanted["sd_model_checkpoint"];
        if (typeof text !== "string") {
          await options.change(wanted);
          return null;
        }
        const { name } = findCheckpoint(await checkpoints.list(), text, "sd_model_checkpoint");
        await options.change({ ...wanted, sd_model_checkpoint: name });
        sent = { text, name };
        return null;
      },
    }),
  ];
}
