/** @file Names from A1111's patterns: a table of patterns and the names that A1111 1.10 makes from them. */
import { Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { applyFilenamePattern, filenameParts, sanitizeFilenamePart } from "./filename-pattern.ts";
import { filenameTokens, type FilenameFacts } from "./filename-tokens.ts";

const PROMPT = 'A photo, of a "cat" <lora:x:1> by me/you';
const picture = { width: 72, height: 64, data: new Uint8Array(72 * 64 * 3).fill(7) };
const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

function facts(some: Partial<FilenameFacts> = {}): FilenameFacts {
  return {
    basename: "",
    picture,
    settings: Txt2imgSettingsSchema.parse({ steps: 20, cfgScale: 7.5, clipSkip: 2, nIter: 2, batchSize: 2 }),
    prompt: PROMPT,
    negativePrompt: "blurry",
    seed: 12n,
    batchSeeds: [11n, 12n],
    index: 3,
    modelName: "v1-5:pruned",
    modelHash: "6ce0161689",
    vaeName: "vae-ft-mse.840000.safetensors",
    now: new Date(2026, 10, 24, 17, 5, 9),
    jobStartedAt: new Date(2026, 10, 24, 17, 4, 0),
    maxPromptWords: 3,
    ...some,
  };
}

function apply(pattern: string, some: Partial<FilenameFacts> = {}): string {
  return applyFilenamePattern(pattern, filenameTokens(facts(some)));
}

const single = Txt2imgSettingsSchema.parse({});

describe("patterns", () => {
  test.each<[pattern: string, name: string, some?: Partial<FilenameFacts>]>([
    ["[seed]", "12"],
    ["[seed]", "12345678901234567890", { seed: 12345678901234567890n }],
    ["[SEED] and [Steps]", "12 and 20"],
    ["[basename]", "img"],
    ["[basename]", "grid", { basename: "grid" }],
    ["[seed_first]-[seed_last]", "11-12"],
    ["[seed_first]-[seed_last]", "12", { settings: single, batchSeeds: [12n] }],
    ["[steps]s cfg[cfg] [width]x[height]", "20s cfg7.5 72x64"],
    ["[styles]", "None"],
    ["[styles]", "oil, dark_light", { settings: { ...single, styles: ["oil", "dark/light"] } }],
    ["[prompt_no_styles]", "a cat", { settings: { ...single, prompt: "a cat", styles: ["oil"] } }],
    ["x-[denoising]y", "y"],
    ["x-[denoising]y", "x-0.7y", { settings: { ...single, enableHr: true } }],
    ["[user]", "[user]"],
    ["[sampler]", "DPM++ 2M"],
    ["[scheduler]", "Karras"],
    ["[sampler_scheduler]", "Euler a Automatic", { settings: { ...single, samplerName: "Euler a" } }],
    ["[scheduler]", "Sgm uniform", { settings: { ...single, scheduler: "SGM Uniform" } }],
    ["[model_name]", "v1-5_pruned"],
    ["[model_hash]", "6ce0161689"],
    ["x[model_hash]", "x[model_hash]", { modelHash: null }],
    ["[date]", "2026-11-24"],
    ["[datetime]", "20261124170509"],
    ["[datetime<%y-%m-%d %H.%M>]", "26-11-24 17.05"],
    ["[datetime<%d %b %A %I%p %j %%>]", "24 Nov Tuesday 05PM 328 %"],
    ["[datetime<%H:%M>]", "17_05"],
    ["[datetime<%Y><Atlantis/Capital>]", "2026"],
    ["[job_timestamp]", "20261124170400"],
    ["[prompt]", "A_photo,_of_a__cat___lora_x_1__by_me_you"],
    ["[prompt_spaces]", "A photo, of a _cat_ _lora_x_1_ by me_you"],
    ["[prompt_no_styles]", "A photo, of a _cat_ _lora_x_1_ by me_you"],
    ["[prompt_words]", "A photo of"],
    ["[prompt_words]", "empty", { prompt: " ,, " }],
    ["[prompt_hash]", sha256(PROMPT).slice(0, 8)],
    ["[prompt_hash<4>]", sha256(PROMPT).slice(0, 4)],
    ["[negative_prompt_hash]", sha256("blurry").slice(0, 8)],
    ["[full_prompt_hash<12>]", sha256(`${PROMPT} blurry`).slice(0, 12)],
    ["[batch_number] of [batch_size], [generation_number]", "2 of 2, 4"],
    ["a-[batch_number]b-[generation_number]c", "c", { settings: single }],
    ["[hasprompt<Cat><dog|nodog><bird>]", "catnodog"],
    ["[clip_skip]", "2"],
    ["[vae_filename]", "vae-ft-mse"],
    ["[vae_filename]", "NoneType", { vaeName: null }],
    ["[none]", ""],
    ["[image_hash]", sha256(picture.data)],
    ["[image_hash<6>]", sha256(picture.data).slice(0, 6)],
    ["[image_hash<six>]", "[image_hash]"],
    ["seed [seed", "seed [seed"],
    ["[nothing<of><this>] kind]", "[nothing] kind]"],
    ["[constructor]", "[constructor]"],
    ["[[seed]]", "[12]"],
    ["two\nlines[seed]", "two\nlines12"],
    ["", ""],
  ])("%j gives %j", (pattern, name, some = {}) => {
    expect(apply(pattern, some)).toBe(name);
  });

  test("a time zone moves the clock", () => {
    const now = new Date(Date.UTC(2026, 0, 1, 3, 30));
    expect(apply("[datetime<%F %H.%M><America/New_York>]", { now })).toBe("2025-12-31 22.30");
    expect(apply("[datetime<%F %H.%M><Asia/Kolkata>]", { now })).toBe("2026-01-01 09.00");
    expect(apply("[datetime<%j><UTC>]", { now })).toBe("001");
  });
});

describe("parts of names", () => {
  test.each([
    ["  leading and trailing . .", "leading and trailing"],
    ['#<>:"/\\|?*\n\r\t', "_____________"],
    ["x".repeat(200), "x".repeat(128)],
    ["🐱".repeat(200), "🐱".repeat(128)],
    [`${"x".repeat(127)} y`, "x".repeat(127)],
  ])("%j becomes %j", (text, part) => {
    expect(sanitizeFilenamePart(text, { replaceSpaces: false })).toBe(part);
  });

  test.each([
    ["a/b\\c", ["a", "b", "c"]],
    ["../../etc/passwd", ["etc", "passwd"]],
    ["/root", ["root"]],
    ["C:\\Windows", ["C_", "Windows"]],
    [".. /. ./...", []],
    ["con/aux.txt/console", ["_con", "_aux.txt", "console"]],
    ["NUL .png/com¹/conin$/com10", ["_NUL .png", "_com¹", "_conin$", "com10"]],
    ["a\0b\u0007<c>", ["a_b__c_"]],
    ["é".repeat(200), ["é".repeat(103)]],
  ])("%j stays below its folder as %j", (filled, parts) => {
    expect(filenameParts(filled)).toEqual(parts);
  });
});
