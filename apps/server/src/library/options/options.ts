/** @file Reads, changes and resets options for the routes. The checkpoint and the VAE are chosen through their lists. */
import { LexemeError, withField } from "@lexeme/core";
import {
  faultOfPlainOption,
  isWithoutEffect,
  OPTION_NAMES,
  OPTIONS_WITHOUT_EFFECT,
  OptionsSchema,
  type OptionName,
  type Options,
  type PlainOption,
} from "@lexeme/domain/options";
import type { OptionsState } from "@lexeme/protocol";

import { issueSentence } from "../../plugins/schema-issue.ts";
import type { CheckpointLibrary } from "../models/checkpoints.ts";
import type { SettingsFile } from "./settings-file.ts";
import type { VaeLibrary } from "../models/vaes.ts";

export interface OptionSources {
  settings: SettingsFile;
  checkpoints: CheckpointLibrary;
  vaes: VaeLibrary;
}

export class OptionLibrary {
  readonly #sources: OptionSources;

  constructor(sources: OptionSources) {
    this.#sources = sources;
  }

  /** The options with the checkpoint and the VAE that are really used, because a chosen file may be gone. */
  async state(): Promise<OptionsState> {
    const { settings, checkpoints, vaes } = this.#sources;
    await settings.reread();
    const { defaults, imported, fault, a1111, withoutEffect } = settings;
    const [checkpoint, vae] = await Promise.all([checkpoints.chosen(), vaes.chosen()]);
    const values = { ...settings.options, sd_model_checkpoint: checkpoint ?? "", sd_vae: vae };
    const { notTaken, fault: importFault } = a1111;
    return { values, defaults, imported, notTaken: [...notTaken], importFault, withoutEffect, fault };
  }

  /**
   * Sets options, all of them or none. Throws LexemeError `OPTION_UNKNOWN` or `REQUEST_MALFORMED` with the option's name as `details.field`,
   * `CHECKPOINT_MISSING`, `CHECKPOINT_UNUSABLE`, `VAE_MISSING`, and `SETTINGS_UNREADABLE`.
   */
  async change(wanted: Readonly<Record<string, unknown>>): Promise<void> {
    const { settings, checkpoints, vaes } = this.#sources;
    const plain = Object.entries(wanted).filter(([name]) => isWithoutEffect(name));
    const options = await this.#checked(
      Object.fromEntries(Object.entries(wanted).filter(([name]) => !isWithoutEffect(name))),
    );
    const { sd_model_checkpoint: checkpoint, sd_vae: vae } = options;
    if (checkpoint !== undefined && checkpoint !== "") {
      const found = await withField("sd_model_checkpoint", () => checkpoints.require(checkpoint));
      options.sd_model_checkpoint = found.name;
    }
    if (vae !== undefined) await withField("sd_vae", () => vaes.ref(vae, { path: "" }));
    await settings.change({ ...checkedPlain(plain), ...options });
  }

  /** Resets these options, or all options, to the defaults. Throws the errors of `change`. */
  async reset(names: readonly string[] = [...OPTION_NAMES, ...Object.keys(OPTIONS_WITHOUT_EFFECT)]): Promise<void> {
    await this.#sources.settings.reset(names.map((name) => (isWithoutEffect(name) ? name : requireName(name))));
  }

  async #checked(wanted: Readonly<Record<string, unknown>>): Promise<Partial<Options>> {
    const checked = Object.entries(wanted).map(([given, value]) => {
      const name = requireName(given);
      const parsed = OptionsSchema.shape[name].safeParse(value);
      if (parsed.success) return [name, parsed.data];
      throw new LexemeError("REQUEST_MALFORMED", issueSentence(parsed.error.issues[0]!, name), {
        details: { field: name },
      });
    });
    return Object.fromEntries(checked) as Partial<Options>;
  }
}

/** Throws LexemeError `REQUEST_MALFORMED` with the option's name as `details.field`. */
function checkedPlain(wanted: readonly (readonly [name: string, value: unknown])[]): Record<string, PlainOption> {
  for (const [name, value] of wanted) {
    const fault = faultOfPlainOption(name, value);
    if (fault !== undefined)
      throw new LexemeError("REQUEST_MALFORMED", `${name} ${fault}`, { details: { field: name } });
  }
  return Object.fromEntries(wanted) as Record<string, PlainOption>;
}

/** Throws LexemeError `OPTION_UNKNOWN`. */
function requireName(name: string): OptionName {
  if ((OPTION_NAMES as readonly string[]).includes(name)) return name as OptionName;
  throw new LexemeError("OPTION_UNKNOWN", `There is no option "${name}" here`, { details: { field: name } });
}
