/** @file A1111's answer to txt2img: the pictures as base64, the completed request, and `info`, a JSON text with the results. */
import { readWholeFile } from "@lexeme/data-folder";
import { writeJson } from "@lexeme/core";
import { SeedSchema, seedAfter, type Txt2imgSettings } from "@lexeme/domain/settings";
import type { Artifact } from "@lexeme/domain/jobs";
import { infotextKeyFacts, infotextValue, parseInfotext, type Infotext, type ReadKey } from "@lexeme/domain/infotext";
import type { StoredJob } from "../../jobs/store/job-row.ts";
import { PROGRAM_VERSION } from "../../version.ts";
import { jobTimestamp } from "../job-timestamp.ts";
import { repeatRequest, type Txt2imgRequest } from "./txt2img-request.ts";

export interface ShownPrompts {
  readonly prompt: string;
  readonly negativePrompt: string;
}

interface Drawn {
  request: Txt2imgRequest;
  settings: Txt2imgSettings;
  /** The prompts as A1111 gives them: with the styles' texts, without comments, and otherwise to the letter. */
  shown: ShownPrompts;
  job: StoredJob;
  /** Sentences about names in the request that Lexeme does not know. */
  warnings: readonly string[];
}

export async function txt2imgAnswer(drawn: Drawn) {
  const { request, job } = drawn;
  const pictures = picturesOf(job);
  const sends = request.send_images !== false;
  const images = sends ? await Promise.all(pictures.map(({ path }) => base64Of(path))) : [];
  return { images, parameters: repeatRequest(request), info: writeJson(infoOf(drawn, pictures)) };
}

async function base64Of(path: string): Promise<string> {
  return Buffer.from((await readWholeFile(path)).buffer).toString("base64");
}

/** The grid comes first, as in A1111. */
function picturesOf({ results }: StoredJob): Artifact[] {
  const kinds = (...wanted: string[]) => results.artifacts.filter(({ kind }) => wanted.includes(kind));
  return [...kinds("grid"), ...kinds("image")];
}

function infoOf({ request, settings, shown, job, warnings }: Drawn, pictures: readonly Artifact[]) {
  const grids = pictures.filter(({ kind }) => kind === "grid").length;
  const infotexts = pictures.map(({ infotext }) => infotext ?? "");
  const images = pictures.slice(grids);
  const read = infotexts.slice(grids).map((text) => parseInfotext(text));
  const [first = parseInfotext(infotexts[0] ?? "")] = read;
  const said = (key: ReadKey): string | undefined => infotextValue(first.parameters, key);
  const { subseedStrength } = settings;
  const [seed, subseed] = [BigInt(settings.seed), BigInt(settings.subseed)];
  // A batch that was skipped leaves a gap in the seeds.
  const seeds = images.map((picture, i) => (picture.seed === undefined ? seedAfter(seed, i) : BigInt(picture.seed)));
  const variationOf = (i: number): bigint => {
    const { data: variation } = SeedSchema.safeParse(read[i] && infotextValue(read[i].parameters, "Variation seed"));
    return variation === undefined
      ? seedAfter(subseed, Number(BigInt.asUintN(64, seeds[i]! - seed)))
      : BigInt(variation);
  };
  return {
    prompt: shown.prompt,
    all_prompts: images.map(() => shown.prompt),
    negative_prompt: shown.negativePrompt,
    all_negative_prompts: images.map(() => shown.negativePrompt),
    seed,
    all_seeds: seeds,
    subseed,
    all_subseeds: seeds.map((_, i) => variationOf(i)),
    subseed_strength: subseedStrength,
    width: settings.width,
    height: settings.height,
    sampler_name: settings.samplerName,
    cfg_scale: settings.cfgScale,
    steps: settings.steps,
    batch_size: settings.batchSize,
    restore_faces: false,
    face_restoration_model: null,
    sd_model_name: said("Model") ?? null,
    sd_model_hash: said("Model hash") ?? null,
    sd_vae_name: said("VAE") ?? null,
    sd_vae_hash: said("VAE hash") ?? null,
    seed_resize_from_w: settings.seedResizeFromW,
    seed_resize_from_h: settings.seedResizeFromH,
    denoising_strength: settings.denoisingStrength,
    extra_generation_params: extraOf(first),
    index_of_first_image: grids,
    infotexts,
    styles: request.styles ?? [],
    job_timestamp: jobTimestamp(job.startedAt ?? job.createdAt),
    clip_skip: settings.clipSkip,
    is_using_inpainting_conditioning: false,
    version: `Lexeme ${PROGRAM_VERSION}`,
    /** An addition to A1111's `info`: values that A1111 would silently ignore. */
    warnings: [...warnings, ...job.results.warnings],
  };
}

/** The infotext's parameters that have no field of their own in `info`. */
function extraOf({ parameters }: Infotext): Record<string, string> {
  return Object.fromEntries([...parameters].filter(([key]) => infotextKeyFacts(key)?.isExtra ?? true));
}
