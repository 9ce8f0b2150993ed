/** @file The options that the server last sent; forms take their defaults from them. */
import { DEFAULT_OPTIONS, defaultsFromOptions, type OptionName, type Options } from "@lexeme/domain/options";
import { TrainSettingsSchema, Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import { trainForm, txt2imgForm } from "./forms.ts";

export const optionsStore: StoreApi<Options> = createStore(() => DEFAULT_OPTIONS);

/** One option as it is now. */
export function useOption<N extends OptionName>(name: N): Options[N] {
  return useStore(optionsStore, (options) => options[name]);
}

/** Takes over the server's options; fields that nobody touched follow. */
export function takeOptions(options: Options): void {
  optionsStore.setState(options);
  txt2imgForm.setDefaults(defaultsFromOptions(Txt2imgSettingsSchema, options));
  trainForm.setDefaults(defaultsFromOptions(TrainSettingsSchema, options));
}
