/** @file Infotexts as they are found on the net, written from A1111's, Forge's and SD.Next's formats, read into settings and notes. */
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import type { Vae } from "@lexeme/protocol";
import { describe, expect, it } from "vitest";
import { checkpointRow, embeddingRow } from "../../testing/rows.ts";
import type { InfotextLibrary } from "./infotext-note.ts";
import { readInfotextSettings } from "./infotext-reading.ts";

const checkpoint = (name: string, sha256: string | null, unsupportedReason: string | null = null) =>
  checkpointRow(name, { sha256, shortHash: sha256?.slice(0, 10) ?? null, unsupportedReason });
const embedding = (name: string, shortHash: string, misfitReason: string | null = null) =>
  embeddingRow(name, { shortHash, misfitReason });

const VAE: Vae = { name: "vae-ft-mse.safetensors", path: "/v", sizeBytes: 1, shortHash: "735e4c3a44" };

const LIBRARY: InfotextLibrary = {
  checkpoints: [
    checkpoint("v1-5-pruned-emaonly.safetensors", `6ce0161689${"0".repeat(54)}`),
    checkpoint("anime/dream.safetensors", `879db523c3${"0".repeat(54)}`),
    checkpoint("new.safetensors", null),
    checkpoint("xl.safetensors", null, "it is a Stable Diffusion XL checkpoint"),
  ],
  checkpoint: "v1-5-pruned-emaonly.safetensors",
  vaes: [VAE],
  vae: "Automatic",
  embeddings: [
    embedding("broken", "", "it is not an embedding"),
    embedding("mira", "aaaabbbbcccc"),
    embedding("vera", "bbbbccccdddd"),
    embedding("wide", "eeee00001111", "its vectors are 1024 wide"),
  ],
  upscalers: ["Latent", "Lanczos", "Nearest"],
};

interface Case {
  text: string;
  settings: Partial<Txt2imgSettings>;
  notes: string[];
}

const CASES: Record<string, Case> = {
  "A1111 1.5, sampler and schedule joined": {
    text: `a cat\nNegative prompt: (worst quality:1.4)\nSteps: 28, Sampler: DPM++ 2M Karras, CFG scale: 7.5, Seed: 1234567890, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, Clip skip: 2, Version: v1.5.2`,
    settings: {
      samplerName: "DPM++ 2M",
      scheduler: "Karras",
      cfgScale: 7.5,
      seed: "1234567890",
      width: 512,
      height: 768,
      clipSkip: 2,
      negativePrompt: "(worst quality:1.4)",
    },
    notes: [],
  },
  "A1111 1.6 with hires fix, refiner and an upscaler of the user's": {
    text: `a cat\nSteps: 20, Sampler: DPM++ 2M SDE Karras, CFG scale: 7, Seed: 5, Size: 512x512, Model hash: 879db523c3, Model: dream, VAE hash: 735e4c3a44, VAE: vae-ft-mse.safetensors, Denoising strength: 0.35, Hires checkpoint: dream2 [0123456789], Hires upscale: 2, Hires steps: 10, Hires upscaler: 4x-UltraSharp, Refiner: sd_xl_refiner [7440042bbd], Refiner switch at: 0.8, Version: v1.6.0`,
    settings: {
      samplerName: "DPM++ 2M SDE",
      scheduler: "Karras",
      checkpoint: "anime/dream.safetensors",
      vae: VAE.name,
      enableHr: true,
      denoisingStrength: 0.35,
      hrScale: 2,
      hrSecondPassSteps: 10,
    },
    notes: [
      "Upscaler “4x-UltraSharp” is not here",
      "Settings without effect here: Hires checkpoint, Refiner, Refiner switch at",
    ],
  },
  "A1111 1.8 with embeddings, LoRA and quoted values": {
    text: `mira, <lora:add_detail:0.8>, badhand\nSteps: 30, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 640x448, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, Lora hashes: "add_detail: 7c6bad76eb54", TI hashes: "mira: aaaabbbbcccc, badhand: 5a1a5a1a5a1a, mira: aaaabbbbcccc", Version: v1.8.0`,
    settings: { samplerName: "Euler a", width: 640, height: 448, prompt: "mira, <lora:add_detail:0.8>, badhand" },
    notes: [
      "Embedding “badhand” (5a1a5a1a5a1a) is not here: the word will be read as plain text",
      "LoRA “add_detail” is not supported: pictures are drawn without it, and its tag stays in the prompt",
    ],
  },
  "A1111 1.10 with schedule type, emphasis, NV noise and variation": {
    text: `a (b:1.2)\nSteps: 20, Sampler: DPM++ 3M SDE, Schedule type: Exponential, CFG scale: 5, Seed: 9, Size: 512x512, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, Variation seed: 77, Variation seed strength: 0.15, Seed resize from: 384x384, ENSD: 31337, RNG: NV, Emphasis: No norm, NGMS: 0.5, Version: v1.10.1`,
    settings: {
      samplerName: "DPM++ 3M SDE",
      scheduler: "Exponential",
      subseed: "77",
      subseedStrength: 0.15,
      seedResizeFromW: 384,
      seedResizeFromH: 384,
      etaNoiseSeedDelta: "31337",
      randnSource: "NV",
      emphasis: "No norm",
      sMinUncond: 0.5,
    },
    notes: [],
  },
  "Forge with modules, low bits and its own version": {
    text: `a cat\nSteps: 20, Sampler: Euler, Schedule type: Simple, CFG scale: 7, Distilled CFG Scale: 3.5, Seed: 3, Size: 896x1152, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, Beta schedule alpha: 0.6, Version: f2.0.1v1.10.1-previous-635-gf5330788, Diffusion in Low Bits: Automatic (fp16 LoRA), Module 1: vae-ft-mse`,
    settings: { samplerName: "Euler", scheduler: "Simple", vae: VAE.name, width: 896 },
    notes: ["Settings without effect here: Distilled CFG Scale, Diffusion in Low Bits"],
  },
  "SD.Next, keys in another order and names of its own": {
    text: `a cat\nSteps: 25| Size: 512x512\nSteps: 25, Size: 512x512, Seed: 44, CFG scale: 6, Sampler: Euler SGM, App: SD.Next, Version: 1a2b3c4, Parser: native, Pipeline: StableDiffusionPipeline, Operations: txt2img, Model: dream, Model hash: 879db523c3`,
    settings: {
      prompt: "a cat\nSteps: 25| Size: 512x512",
      seed: "44",
      cfgScale: 6,
      checkpoint: "anime/dream.safetensors",
    },
    notes: ["Sampling method “Euler SGM” is not here"],
  },
  "A1111 of 2022, hash of eight digits and Eta": {
    text: `portrait, by greg\nSteps: 50, Sampler: DDIM, CFG scale: 11, Seed: 2, Size: 512x512, Model hash: 81761151, Model: v1-5-pruned-emaonly, Eta: 0.67`,
    settings: { samplerName: "DDIM", eta: 0.67, steps: 50 },
    notes: [],
  },
  "a checkpoint that is not here, and values out of bounds": {
    text: `a\nSteps: 300, Sampler: k_euler_a, Schedule type: Turbo, CFG scale: 99, Seed: 18446744073709551616, Size: 512x512, Model hash: deadbeef00, Model: gone`,
    settings: { width: 512 },
    notes: [
      "Sampling steps “300” cannot be used here: the range is 1 to 150",
      "Sampling method “k_euler_a” is not here",
      "Schedule type “Turbo” is not here",
      "CFG Scale “99” cannot be used here: the range is 1 to 30",
      "Seed “18446744073709551616” cannot be used here: the range is -9223372036854775808 to 18446744073709551615",
      "Model “gone” (deadbeef00) is not here",
    ],
  },
  "another file of the checkpoint's name": {
    text: `a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, Model hash: deadbeef00, Model: dream`,
    settings: {},
    notes: ["Model “dream” (deadbeef00) is not here: the file of that name has the hash 879db523c3"],
  },
  "a checkpoint of another family, and one that is not hashed yet": {
    text: `a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, Model hash: deadbeef00, Model: xl`,
    settings: {},
    notes: ["Model “xl” (deadbeef00) cannot be used: it is a Stable Diffusion XL checkpoint"],
  },
  "a renamed checkpoint is found by its hash": {
    text: `a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, Model hash: 879db523c3, Model: dreamshaper_8`,
    settings: { checkpoint: "anime/dream.safetensors" },
    notes: [],
  },
  "a file that is not hashed yet is taken by its name": {
    text: `a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, Model hash: 1234567890, Model: new`,
    settings: { checkpoint: "new.safetensors" },
    notes: [],
  },
  "a VAE that is not here, and one with another hash": {
    text: `a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, VAE hash: 0000000000, VAE: vae-ft-mse.safetensors`,
    settings: {},
    notes: ["VAE “vae-ft-mse.safetensors” (0000000000) is not here"],
  },
  "embeddings under another name, of another file, of another width": {
    text: `a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, TI hashes: "mina: aaaabbbbcccc, Mira: 999900000000, wide: eeee00001111"`,
    settings: {},
    notes: [
      "Embedding “mina” is named “mira” here: write that word in the prompt",
      "Embedding “Mira” here is another file: its hash is aaaabbbbcccc, not 999900000000",
      "Embedding “wide” cannot be used: its vectors are 1024 wide",
    ],
  },
  "a file that cannot be read is no other embedding, whatever the hash": {
    text: `a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, TI hashes: "mira: 999900000000, gone: 123400000000, broken: 123400000000"`,
    settings: {},
    notes: [
      "Embedding “mira” here is another file: its hash is aaaabbbbcccc, not 999900000000",
      "Embedding “gone” (123400000000) is not here: the word will be read as plain text",
      "Embedding “broken” cannot be used: it is not an embedding",
    ],
  },
  "a word that is another file here, while its own file has another name": {
    text: `a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, TI hashes: "mira: bbbbccccdddd, vera: eeee00001111"`,
    settings: {},
    notes: [
      "Embedding “mira” here is another file; the one of this picture is named “vera” here: write that word in the prompt",
      "Embedding “vera” here is another file; the one of this picture is named “wide” here and cannot be used: its vectors are 1024 wide",
    ],
  },
  "extensions with keys of every kind": {
    text: `a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, ControlNet 0: "Module: canny, Model: control_v11p [d14c016b], Weight: 1", ADetailer model: face_yolov8n.pt, ADetailer confidence: 0.3, Dynamic thresholding enabled: True, Mimic scale: 7, Token merging ratio: 0.5, Face restoration: CodeFormer`,
    settings: {},
    notes: [
      "Settings without effect here: ControlNet 0, ADetailer model, ADetailer confidence, Dynamic thresholding enabled, Mimic scale, Token merging ratio, Face restoration",
    ],
  },
  "settings with bars between them": {
    text: "a\nSteps: 21 | Sampler: Euler | CFG scale: 6 | Seed: 1 | Size: 512x512",
    settings: { prompt: "a", steps: 21, cfgScale: 6 },
    notes: ["The settings have bars between them instead of commas"],
  },
  tiling: {
    text: "a\nSteps: 21, Sampler: Euler, CFG scale: 6, Seed: 1, Size: 512x512, Tiling: True",
    settings: { tiling: true },
    notes: [],
  },
  "words without settings": {
    text: "just words: here, and, there",
    settings: { prompt: "just words: here, and, there" },
    notes: [],
  },
};

describe("an infotext of", () => {
  it.each(Object.entries(CASES))("%s", (_name, { text, settings, notes }) => {
    const reading = readInfotextSettings(text, LIBRARY);
    expect(reading.settings).toMatchObject(settings);
    expect(reading.notes.map(({ message }) => message)).toEqual(notes);
  });
});

it("takes the chosen one of several copies of a checkpoint, or the copy with the name in the text", () => {
  const copies = ["a", "b", "c"].map((name) => checkpoint(`${name}.safetensors`, `879db523c3${"0".repeat(54)}`));
  const read = (chosen: string) =>
    readInfotextSettings("x\nSteps: 20, Sampler: Euler, Seed: 1, Size: 8x8, Model hash: 879db523c3, Model: b", {
      ...LIBRARY,
      checkpoints: copies,
      checkpoint: chosen,
    }).settings;
  expect(read("c.safetensors")).not.toHaveProperty("checkpoint");
  expect(read("other.safetensors")).toMatchObject({ checkpoint: "b.safetensors" });
});

it("keeps every digit of a seed", () => {
  const text =
    "a\nSteps: 20, Seed: 12345678901234567890, Variation seed: 18446744073709551615, ENSD: -9007199254740993";
  expect(readInfotextSettings(text).settings).toMatchObject({
    seed: "12345678901234567890",
    subseed: "18446744073709551615",
    etaNoiseSeedDelta: "-9007199254740993",
  });
});

it("fills no field with a refused value, hands the value over unchanged, and offers replacements", () => {
  const { settings, refused, notes } = readInfotextSettings(
    CASES["a checkpoint that is not here, and values out of bounds"]!.text,
    LIBRARY,
  );
  for (const name of ["steps", "samplerName", "scheduler", "cfgScale", "seed", "checkpoint"]) {
    expect(settings).not.toHaveProperty(name);
  }
  expect(refused).toEqual({
    steps: 300,
    samplerName: "k_euler_a",
    scheduler: "Turbo",
    cfgScale: 99,
    seed: "18446744073709551616",
  });
  const choices = notes.flatMap(({ choice }) => (choice === undefined ? [] : [choice]));
  expect(choices.map(({ field }) => field)).toEqual(["samplerName", "scheduler", "checkpoint"]);
  expect(choices[0]?.options).toContain("Euler a");
  expect(choices[2]?.options).toEqual([
    "v1-5-pruned-emaonly.safetensors",
    "anime/dream.safetensors",
    "new.safetensors",
  ]);
});

it("resets the settings that an infotext leaves out, so that no earlier setting changes the picture", () => {
  const { settings } = readInfotextSettings(
    "a\nSteps: 20, Sampler: DDIM, CFG scale: 7, Seed: 1, Size: 512x512, RNG: CPU",
  );
  expect(settings).toMatchObject({
    scheduler: "Automatic",
    clipSkip: 1,
    emphasis: "Original",
    subseedStrength: 0,
    seedResizeFromW: 0,
    eta: null,
    sChurn: 0,
    sNoise: 1,
    etaNoiseSeedDelta: "0",
    randnSource: "CPU",
    enableHr: false,
  });
});

it("has no notes about files if there is no library to compare with", () => {
  expect(readInfotextSettings(CASES["another file of the checkpoint's name"]!.text).notes).toEqual([]);
});
