/** @file The form of each tab by name, so that one tab can fill in another's without knowing it. */
import {
  CreateEmbeddingSettingsSchema,
  PreprocessSettingsSchema,
  TrainSettingsSchema,
  Txt2imgSettingsSchema,
} from "@lexeme/domain/settings";
import { XyzAxesSchema } from "@lexeme/domain/plot";
import { formStore, type FormStore } from "./form-store.ts";

export const createForm: FormStore<typeof CreateEmbeddingSettingsSchema> = formStore(
  CreateEmbeddingSettingsSchema,
  "create",
);
export const preprocessForm: FormStore<typeof PreprocessSettingsSchema> = formStore(
  PreprocessSettingsSchema,
  "preprocess",
);
export const trainForm: FormStore<typeof TrainSettingsSchema> = formStore(TrainSettingsSchema, "train");
export const txt2imgForm: FormStore<typeof Txt2imgSettingsSchema> = formStore(Txt2imgSettingsSchema, "txt2img");
export const plotForm: FormStore<typeof XyzAxesSchema> = formStore(XyzAxesSchema, "xyz-plot");

/** Makes the VAE chosen in the header the default of every job. */
export function setDefaultVae(vae: string): void {
  trainForm.setDefaults({ vae });
  txt2imgForm.setDefaults({ vae });
}

/** Makes the checkpoint's own size the default of every size field that nobody has touched. */
export function setDefaultSize({ width, height }: { width: number; height: number }): void {
  preprocessForm.setDefaults({ processWidth: width, processHeight: height });
  trainForm.setDefaults({ trainingWidth: width, trainingHeight: height });
  txt2imgForm.setDefaults({ width, height });
}
