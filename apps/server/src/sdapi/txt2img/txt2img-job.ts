/** @file Converts A1111's txt2img request to a job of Lexeme: its settings, its options, the delivery of its pictures, and warnings that A1111 would not give. */
import { LexemeError } from "@lexeme/core";
import { randomInt } from "node:crypto";
import {
  RANDOM_SEED,
  RANDOM_SEEDS_END,
  seedText,
  Txt2imgSettingsSchema,
  type Txt2imgSettings,
} from "@lexeme/domain/settings";
import { applyStyles } from "@lexeme/domain/styles";
import { stripPromptComments } from "@lexeme/tokenizer";
import {
  isWithoutEffect,
  OptionsSchema,
  OPTION_NAMES,
  withOptions,
  withoutOptionsOfFields,
  type Options,
} from "@lexeme/domain/options";

import { issueSentence } from "../../plugins/schema-issue.ts";
import type { Services } from "../../services.ts";
import { findCheckpoint } from "../../library/models/checkpoint-names.ts";
import type { JobOrder } from "../api-jobs.ts";
import { infotextFields } from "./infotext-fields.ts";
import { requestField, samplersOfRequest, settingsOfRequest } from "./request-settings.ts";
import { completeRequest, type Txt2imgRequest } from "./txt2img-request.ts";
import type { ShownPrompts } from "./txt2img-answer.ts";
import { refuseUnsupported } from "./unsupported.ts";

export interface Txt2imgOrder extends JobOrder {
  request: { kind: "txt2img"; settings: Txt2imgSettings };
  /** Options that are stored after the job, if the request says so. */
  kept: Partial<Options>;
  /** The prompts for the answer's `info`. */
  shown: ShownPrompts;
  warnings: string[];
}

/** Throws LexemeError `SDAPI_UNSUPPORTED`, `REQUEST_MALFORMED` with the request's own field names, or `CHECKPOINT_MISSING`. */
export async function toTxt2imgJob(
  given: Txt2imgRequest,
  { options, checkpoints, styles }: Pick<Services, "options" | "checkpoints" | "styles">,
): Promise<Txt2imgOrder> {
  refuseUnsupported(given);
  const infotext = infotextFields(given.infotext);
  const said = { ...infotext.request, ...given };
  const warnings: string[] = [];
  const overrides = checkedOverrides(given.override_settings ?? {}, warnings);
  const infotextOverrides = checkedOverrides(infotext.overrides, warnings);
  const { values } = await options.state();
  const effective = { ...values, ...infotextOverrides, ...overrides };
  const { warnings: samplerWarnings, ...samplers } = samplersOfRequest(completeRequest(said));
  warnings.push(...samplerWarnings);
  // The program's values win over the infotext's values, these over A1111's defaults, and these over the options.
  const asked = {
    ...settingsOfRequest(completeRequest({})),
    hrUpscaler: "",
    ...infotext.settings,
    ...settingsOfRequest(said),
    ...samplers,
    styles: await knownStyles(given.styles ?? [], { styles, warnings }),
  };
  const settings = checkedSettings(withOptions(Txt2imgSettingsSchema, asked, effective));
  const name = overrides.sd_model_checkpoint;
  if (name) {
    const found = findCheckpoint(await checkpoints.list(), name, "override_settings");
    settings.checkpoint = overrides.sd_model_checkpoint = found.name;
  }
  return {
    request: { kind: "txt2img", settings: withSeeds(settings) },
    options: {
      ...withoutOptionsOfFields(Txt2imgSettingsSchema, { ...infotextOverrides, ...overrides }),
      ...gridOptions(given),
    },
    delivery: isSaved(given) ? "keep and send" : "send",
    taskId: given.force_task_id,
    kept: given.override_settings_restore_afterwards === false ? overrides : {},
    shown: await shownPrompts(settings, { styles, comments: effective.enable_prompt_comments }),
    warnings,
  };
}

/** As the engine shows the prompts in infotexts, which lose blanks at the ends. */
async function shownPrompts(
  settings: Txt2imgSettings,
  { styles, comments }: Pick<Services, "styles"> & { comments: boolean },
): Promise<ShownPrompts> {
  const { prompt, negativePrompt } = applyStyles(settings, await styles.require(settings.styles));
  const shown = (text: string): string => (comments ? stripPromptComments(text) : text);
  return { prompt: shown(prompt), negativePrompt: shown(negativePrompt) };
}

function isSaved({ save_images, do_not_save_samples }: Txt2imgRequest): boolean {
  return save_images === true && do_not_save_samples !== true;
}

/** Without `save_images` there is no grid in A1111 either. */
function gridOptions({ save_images, do_not_save_grid }: Txt2imgRequest): Partial<Options> {
  const hasGrid = save_images === true && do_not_save_grid !== true;
  return hasGrid ? {} : { grid_save: false, return_grid: false };
}

/** A1111 silently ignores an unknown style. Here it is ignored with a warning. */
async function knownStyles(
  wanted: readonly string[],
  { styles, warnings }: Pick<Services, "styles"> & { warnings: string[] },
): Promise<string[]> {
  if (wanted.length === 0) return [];
  const names = (await styles.list()).styles.map(({ name }) => name);
  const unknown = wanted.filter((name) => !names.includes(name));
  warnings.push(...unknown.map((name) => `There is no style "${name}" here: it was left out`));
  return wanted.filter((name) => names.includes(name));
}

/** The answer must name the seeds, so they are chosen here and not by the worker. */
function withSeeds(settings: Txt2imgSettings): Txt2imgSettings {
  const { seed, subseed } = settings;
  return {
    ...settings,
    seed: seed === RANDOM_SEED ? seedText(randomInt(RANDOM_SEEDS_END)) : seed,
    subseed: subseed === RANDOM_SEED ? seedText(randomInt(RANDOM_SEEDS_END)) : subseed,
  };
}

/** A1111 has options without effect here. A program that sets such an option still gets its picture, with a warning. */
function checkedOverrides(given: Readonly<Record<string, unknown>>, warnings: string[]): Partial<Options> {
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const known = OPTION_NAMES.find((one) => one === name);
    if (known === undefined) {
      const reason = isWithoutEffect(name)
        ? `the option "${name}" has no effect here`
        : `there is no option "${name}" here`;
      warnings.push(`override_settings: ${reason}`);
    } else if (value !== null) {
      const parsed = OptionsSchema.shape[known].safeParse(value);
      if (!parsed.success) throw malformed(issueSentence(parsed.error.issues[0]!, name), `override_settings.${name}`);
      checked[known] = parsed.data;
    }
  }
  return checked;
}

function checkedSettings(settings: Readonly<Record<string, unknown>>): Txt2imgSettings {
  const parsed = Txt2imgSettingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const setting = String(issue?.path[0] ?? "");
  const field = requestField(setting);
  throw malformed(issueSentence(issue!, field), field);
}

function malformed(message: string, field: string) {
  return new LexemeError("REQUEST_MALFORMED", message, { details: { field, issues: [{ field, message }] } });
}
