/** @file A1111's settings section "Infotext": the optional parts of a picture's infotext. */
import { z } from "zod";
import { setting } from "../settings/setting.ts";

export const InfotextOptionsSchema = z.object({
  add_model_hash_to_info: setting(z.boolean().default(true), { title: "Add model hash to infotext" }),
  add_model_name_to_info: setting(z.boolean().default(true), { title: "Add model name to infotext" }),
  add_vae_hash_to_info: setting(z.boolean().default(true), { title: "Add VAE hash to infotext" }),
  add_vae_name_to_info: setting(z.boolean().default(true), { title: "Add VAE name to infotext" }),
  add_version_to_infotext: setting(z.boolean().default(true), { title: "Add program version to infotext" }),
  textual_inversion_add_hashes_to_infotext: setting(z.boolean().default(true), {
    title: "Add Textual Inversion hashes to infotext",
  }),
});
