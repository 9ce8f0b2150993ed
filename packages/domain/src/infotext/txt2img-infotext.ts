/** @file Writes the infotext of a txt2img picture: A1111's keys in A1111's order; as in A1111, a value at A1111's default is left out. */
import {
  AUTOMATIC_SCHEDULE,
  defaultEta,
  goesBySigmas,
  infotextScheduleType,
  SAMPLERS,
  SCHEDULES,
  type SamplerName,
} from "@lexeme/schedulers/catalogue";
import { drawingPasses } from "../settings/drawing-passes.ts";
import { seedResize } from "../settings/seed-resize.ts";
import { a1111DefaultOf } from "../settings/setting.ts";
import type { Seed } from "../settings/seed-field.ts";
import { Txt2imgSettingsSchema, type Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { hiresParameters } from "./hires-parameters.ts";
import type { KnownParameters } from "./infotext-keys.ts";
import { writeInfotext } from "./infotext.ts";

/** Facts about a picture besides the settings that it was drawn with; a fact that the options leave out of the text is undefined. */
export interface PictureFacts {
  /** The seed of this picture, not of the job. */
  readonly seed: Seed;
  /** The variation seed of this picture, if the settings ask for a variation. */
  readonly subseed?: Seed;
  /** Whether the minimum sigma left the negative prompt out in at least one step. */
  readonly negativeSkipped?: boolean;
  /** First 10 hex digits of the checkpoint's sha256; undefined until it is known. */
  readonly modelHash: string | undefined;
  readonly model: string | undefined;
  /** The separate VAE's file name; undefined when the checkpoint's own was used. */
  readonly vae?: string | undefined;
  /** First 10 hex digits of the VAE file's sha256. */
  readonly vaeHash?: string | undefined;
  /** Embeddings of the prompt, then of the negative prompt; an embedding in both is listed twice, as in A1111. */
  readonly embeddings: readonly { readonly name: string; readonly shortHash: string }[];
  readonly version: string | undefined;
}

/** Sizes are written as the settings give them, before they are rounded down. */
export function writeTxt2imgInfotext(settings: Txt2imgSettings, picture: PictureFacts): string {
  const { samplerName, scheduler, subseedStrength } = settings;
  const hashes = picture.embeddings.map(({ name, shortHash }) => `${plain(name)}: ${shortHash}`);
  const resize = seedResize(settings);
  return writeInfotext(settings, [
    ["Steps", settings.steps],
    ["Sampler", samplerName],
    ["Schedule type", infotextScheduleType({ samplerName, scheduleType: scheduler })],
    ["CFG scale", settings.cfgScale],
    ["Seed", picture.seed],
    ["Size", `${settings.width}x${settings.height}`],
    ["Model hash", picture.modelHash],
    ["Model", picture.model && plain(picture.model)],
    ["VAE hash", picture.vaeHash],
    ["VAE", picture.vae],
    ["Variation seed", subseedStrength > 0 ? picture.subseed : undefined],
    ["Variation seed strength", subseedStrength > 0 ? subseedStrength : undefined],
    ["Seed resize from", resize && `${resize.width}x${resize.height}`],
    ["Denoising strength", settings.enableHr ? settings.denoisingStrength : undefined],
    ["Clip skip", unlessDefault(settings, "clipSkip")],
    ["ENSD", followsSeedDelta(settings) ? unlessDefault(settings, "etaNoiseSeedDelta") : undefined],
    ["RNG", unlessDefault(settings, "randnSource")],
    ["Tiling", settings.tiling ? "True" : undefined],
    ...hiresParameters(settings),
    ["TI hashes", hashes.length > 0 ? hashes.join(", ") : undefined],
    ["Emphasis", hasBrackets(settings) ? unlessDefault(settings, "emphasis") : undefined],
    ...scheduleParameters(settings),
    ...samplerParameters(settings),
    ["NGMS", picture.negativeSkipped ? settings.sMinUncond : undefined],
    ["Version", picture.version],
  ] satisfies KnownParameters);
}

/** The name without the characters that would end it early in a list of names. */
function plain(name: string): string {
  return name.replace(/[:,]/gu, "");
}

/** A setting's value; undefined if it is the value that A1111 assumes for a missing key. */
function unlessDefault<K extends keyof Txt2imgSettings>(
  settings: Txt2imgSettings,
  name: K,
): Txt2imgSettings[K] | undefined {
  return settings[name] === a1111DefaultOf(Txt2imgSettingsSchema.shape[name]) ? undefined : settings[name];
}

function hasBrackets({ prompt, negativePrompt, enableHr, hrPrompt, hrNegativePrompt }: Txt2imgSettings): boolean {
  return /[([]/u.test([prompt, negativePrompt, ...(enableHr ? [hrPrompt, hrNegativePrompt] : [])].join(" "));
}

/** The samplers of all passes, each once. */
function samplersOf(settings: Txt2imgSettings): SamplerName[] {
  return [...new Set(drawingPasses(settings).map(({ samplerName }) => samplerName))];
}

function followsSeedDelta(settings: Txt2imgSettings): boolean {
  return settings.eta !== 0 && samplersOf(settings).some((name) => SAMPLERS[name].usesSeedDelta);
}

/** The first sampler's parameters, then those that the second pass' sampler adds. */
function samplerParameters(settings: Txt2imgSettings): KnownParameters {
  return [...new Map(samplersOf(settings).flatMap((samplerName) => parametersRead(samplerName, settings)))];
}

/** The parameters that the sampler reads and that are not at their defaults, in A1111's order. */
function parametersRead(samplerName: SamplerName, settings: Txt2imgSettings): KnownParameters {
  const { reads = [] } = SAMPLERS[samplerName];
  const unlessUnread = (name: "sChurn" | "sTmin" | "sTmax" | "sNoise"): number | undefined =>
    reads.includes(name) ? unlessDefault(settings, name) : undefined;
  const { eta } = settings;
  const hasOwnEta = reads.includes("eta") && eta !== null && eta !== defaultEta(samplerName);
  const parameters: KnownParameters = [
    [goesBySigmas(samplerName) ? "Eta" : "Eta DDIM", hasOwnEta ? eta : undefined],
    ["Sigma churn", unlessUnread("sChurn")],
    ["Sigma tmin", unlessUnread("sTmin")],
    ["Sigma tmax", unlessUnread("sTmax")],
    ["Sigma noise", unlessUnread("sNoise")],
  ];
  return parameters.filter(([, value]) => value !== undefined);
}

/** The changed values of the schedules that are really used, and the shape of Beta, which A1111 always writes. */
function scheduleParameters(settings: Txt2imgSettings): KnownParameters {
  const { alwaysDiscardNextToLastSigma, betaDistAlpha, betaDistBeta, samplerName, sgmNoiseMultiplier } = settings;
  const passes = drawingPasses(settings).filter((pass) => goesBySigmas(pass.samplerName));
  const isDiscarded =
    alwaysDiscardNextToLastSigma && passes.some((pass) => !SAMPLERS[pass.samplerName].discardsNextToLast);
  const isBeta = passes.some(({ scheduler }) => scheduler === "Beta");
  return [
    ["Discard penultimate sigma", isDiscarded ? "True" : undefined],
    ...(goesBySigmas(samplerName) ? limitParameters(settings) : []),
    ["Beta schedule alpha", isBeta ? betaDistAlpha : undefined],
    ["Beta schedule beta", isBeta ? betaDistBeta : undefined],
    ["SGM noise multiplier", goesBySigmas(samplerName) && sgmNoiseMultiplier ? "True" : undefined],
  ];
}

/** A1111 calls a schedule's own rho "default". */
function limitParameters(settings: Txt2imgSettings): KnownParameters {
  const { samplerName, scheduler, rho } = settings;
  const type = infotextScheduleType({ samplerName, scheduleType: scheduler });
  const hasLimits = type !== AUTOMATIC_SCHEDULE;
  const { rho: ownRho } = SCHEDULES[type];
  return [
    ["Schedule min sigma", hasLimits ? unlessDefault(settings, "sigmaMin") : undefined],
    ["Schedule max sigma", hasLimits ? unlessDefault(settings, "sigmaMax") : undefined],
    ["Schedule rho", ownRho === undefined || rho === ownRho ? undefined : unlessDefault(settings, "rho")],
  ];
}
