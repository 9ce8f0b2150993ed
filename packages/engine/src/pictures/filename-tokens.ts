/** @file The tokens of A1111's pattern language and their texts for a picture. */
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import { infotextScheduleType } from "@lexeme/schedulers/catalogue";
import { createHash } from "node:crypto";
import { localDay } from "@lexeme/data-folder";
import { sanitizeFilenamePart, SKIP, type FilenameToken } from "./filename-pattern.ts";
import type { RawPicture } from "./raw-picture.ts";
import { knownTimeZone, strftime } from "./strftime.ts";

/** The data from which names are made. */
export interface FilenameFacts {
  /** The beginning of every name, before its number: "grid" for grids, empty for pictures. */
  readonly basename: string;
  readonly picture: RawPicture;
  readonly settings: Txt2imgSettings;
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly seed: bigint;
  /** Seeds of the batch in which the picture was drawn. */
  readonly batchSeeds: readonly bigint[];
  /** Index among all pictures of these settings, from 0. */
  readonly index: number;
  readonly modelName: string;
  readonly modelHash: string | null;
  /** File name of the separate VAE; null for the checkpoint's own VAE. */
  readonly vaeName: string | null;
  /** Time of saving. `jobStartedAt` is the time at which the job started. Names show both as local time. */
  readonly now: Date;
  readonly jobStartedAt: Date;
  readonly maxPromptWords: number;
}

/** The default format of `[datetime]`, and the format of `[job_timestamp]`. */
const TIMESTAMP = "%Y%m%d%H%M%S";
const PROMPT_HASH_DIGITS = 8;

/** A1111's tokens, lower case, for one picture. */
export function filenameTokens(facts: FilenameFacts): Readonly<Record<string, FilenameToken>> {
  const { picture, settings, prompt, negativePrompt, seed, batchSeeds, index, now } = facts;
  const { batchSize, nIter, samplerName, scheduler } = settings;
  const spaced = (text: string): string => sanitizeFilenamePart(text, { replaceSpaces: false });
  const hashOf = (text: string, digits = ""): string | undefined => sha256(text, digits || `${PROMPT_HASH_DIGITS}`);
  const schedule = scheduleWord(samplerName, scheduler);
  return {
    basename: () => facts.basename || "img",
    seed: () => String(seed),
    seed_first: () => String(batchSize === 1 ? seed : batchSeeds[0]!),
    seed_last: () => (batchSize === 1 ? SKIP : String(batchSeeds.at(-1)!)),
    steps: () => settings.steps,
    cfg: () => settings.cfgScale,
    width: () => picture.width,
    height: () => picture.height,
    styles: () => spaced(settings.styles.join(", ") || "None"),
    sampler: () => spaced(samplerName),
    scheduler: () => spaced(schedule),
    sampler_scheduler: () => spaced(`${samplerName} ${schedule}`),
    model_hash: () => facts.modelHash ?? undefined,
    model_name: () => spaced(facts.modelName),
    date: () => localDay(now),
    datetime: (format = "", zone = "") => spaced(strftime(now, format || TIMESTAMP, knownTimeZone(zone))),
    job_timestamp: () => strftime(facts.jobStartedAt, TIMESTAMP),
    prompt: () => sanitizeFilenamePart(prompt, { replaceSpaces: true }),
    prompt_no_styles: () => spaced(settings.styles.length === 0 ? prompt : settings.prompt),
    prompt_spaces: () => spaced(prompt),
    prompt_words: () => spaced(promptWords(prompt, facts.maxPromptWords)),
    prompt_hash: (digits) => hashOf(prompt, digits),
    negative_prompt_hash: (digits) => hashOf(negativePrompt, digits),
    full_prompt_hash: (digits) => hashOf(`${prompt} ${negativePrompt}`, digits),
    batch_number: () => (batchSize === 1 ? SKIP : (index % batchSize) + 1),
    batch_size: () => batchSize,
    generation_number: () => (nIter === 1 && batchSize === 1 ? SKIP : index + 1),
    hasprompt: (...wanted) => sanitizeFilenamePart(hasPrompt(prompt, wanted), { replaceSpaces: true }),
    clip_skip: () => settings.clipSkip,
    denoising: () => (settings.enableHr ? settings.denoisingStrength : SKIP),
    // A job does not contain the name of the signed-in user.
    user: () => undefined,
    vae_filename: () => (facts.vaeName === null ? "NoneType" : spaced(beforeFirstDot(facts.vaeName))),
    none: () => "",
    image_hash: (digits = "") => sha256(picture.data, digits),
  };
}

/** A1111's short form of a file's name. */
function beforeFirstDot(name: string): string {
  return name.split(".").find((part) => part !== "") ?? name;
}

/** The schedule that is used, capital letter first and small ones after, as A1111 puts it into names. */
function scheduleWord(samplerName: Txt2imgSettings["samplerName"], scheduler: Txt2imgSettings["scheduler"]): string {
  const used = infotextScheduleType({ samplerName, scheduleType: scheduler });
  return used.slice(0, 1).toUpperCase() + used.slice(1).toLowerCase();
}

/** The first `digits` hex digits of the hash, or all for an empty `digits`. Undefined if `digits` is not a number. */
function sha256(data: string | Uint8Array, digits: string): string | undefined {
  const hex = createHash("sha256").update(data).digest("hex");
  if (digits === "") return hex;
  return /^\d+$/u.test(digits) ? hex.slice(0, Number(digits)) : undefined;
}

/** Words are separated by blanks and ASCII punctuation. */
function promptWords(prompt: string, most: number): string {
  const words = prompt.split(/[\s!-/:-@[-`{-~]+/u).filter((word) => word !== "");
  return words.length === 0 ? "empty" : words.slice(0, most).join(" ");
}

/** For each `word|otherwise`: the word in small letters if the prompt contains it, else the other text. */
function hasPrompt(prompt: string, wanted: readonly string[]): string {
  const lower = prompt.toLowerCase();
  return wanted
    .map((one) => {
      const [word = "", otherwise = ""] = one.split("|");
      if (one === "") return "";
      return lower.includes(word.toLowerCase()) ? word.toLowerCase() : otherwise;
    })
    .join("");
}
