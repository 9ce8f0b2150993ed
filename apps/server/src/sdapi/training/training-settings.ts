/** @file Converts A1111's keyword arguments to Lexeme's settings. A missing argument has A1111's default; an argument for a missing function is refused by name. */
import { LexemeError } from "@lexeme/core";
import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import {
  a1111Name,
  factsOf,
  CreateEmbeddingSettingsSchema,
  PreprocessSettingsSchema,
  TrainSettingsSchema,
  type TrainSettings,
} from "@lexeme/domain/settings";
import { DEFAULT_SAMPLER, SAMPLER_NAMES } from "@lexeme/schedulers/catalogue";
import { withOptions, type Options } from "@lexeme/domain/options";
import type { z } from "zod";
import type { DataFolders } from "../../data-folder.ts";

import { issueSentence } from "../../plugins/schema-issue.ts";
import { namedSettings } from "../named-settings.ts";
import { findSampler } from "../sampler-table.ts";
import { notThere } from "../sdapi-errors.ts";
import {
  CreateEmbeddingRequestSchema,
  PreprocessRequestSchema,
  TrainRequestSchema,
  type CreateEmbeddingRequest,
  type PreprocessRequest,
  type TrainRequest,
} from "./training-requests.ts";

/** A1111 drops these characters from a name: all except letters, digits, ".", "_", "-" and space. It drops the marks of many scripts too, which leaves another word. */
const DROPPED_IN_NAMES = /[^\p{L}\p{M}\p{N}._\- ]/gu;

/** A path in A1111's sense: a relative path starts in A1111's own folder, which is the data folder here. */
function pathIn(folders: DataFolders, path: string): string {
  return path.trim() === "" ? "" : resolve(folders.dataDir, path);
}

export function createSettings(request: CreateEmbeddingRequest) {
  return checked(CreateEmbeddingSettingsSchema, {
    ...namedSettings(CreateEmbeddingSettingsSchema, request, CreateEmbeddingRequestSchema),
    name: request.name.replaceAll(DROPPED_IN_NAMES, ""),
  });
}

export function preprocessSettings(request: PreprocessRequest, folders: DataFolders) {
  if (request.process_caption === true) {
    throw notThere("Lexeme cannot caption with BLIP yet: leave process_caption out, or add captions as .txt files");
  }
  if (request.process_caption_deepbooru === true) {
    throw notThere("Lexeme cannot caption with DeepDanbooru: leave process_caption_deepbooru out");
  }
  if (request.process_multicrop === true) throw notThere("Lexeme has no auto-sized crop: leave process_multicrop out");
  if (request.process_focal_crop_debug === true) {
    throw notThere("Lexeme makes no debug pictures: leave process_focal_crop_debug out");
  }
  return checked(PreprocessSettingsSchema, {
    ...a1111Defaults(PreprocessSettingsSchema),
    ...namedSettings(PreprocessSettingsSchema, request, PreprocessRequestSchema),
    processSrc: pathIn(folders, request.process_src),
    processDst: pathIn(folders, request.process_dst),
    splitThreshold: clamp(request.split_threshold, 1),
    overlapRatio: clamp(request.overlap_ratio, 0.9),
  });
}

export async function trainSettings(
  request: TrainRequest,
  { folders, options }: { folders: DataFolders; options: Options },
) {
  if (request.varsize === true) throw notThere("Lexeme cannot train on pictures of different sizes: leave varsize out");
  if (request.use_weight === true) throw notThere("Lexeme cannot weight the loss by alpha yet: leave use_weight out");
  const logDirectory = pathIn(folders, request.log_directory ?? "textual_inversion");
  if (logDirectory !== "" && (await real(logDirectory)) !== (await real(folders.runs))) {
    throw notThere(
      `Lexeme keeps training runs in "${folders.runs}": give this folder as log_directory, or leave log_directory out`,
    );
  }
  const named: Record<string, unknown> = {
    ...a1111Defaults(TrainSettingsSchema),
    ...namedSettings(TrainSettingsSchema, request, TrainRequestSchema),
  };
  const hasPreview = request.preview_from_txt2img === true;
  const settings = {
    ...(hasPreview ? { ...named, ...previewSampler(request) } : withoutPreview(named)),
    dataRoot: pathIn(folders, request.data_root),
    resumeFrom: request.resume_from === undefined ? undefined : pathIn(folders, request.resume_from),
  };
  return checked(TrainSettingsSchema, withOptions(TrainSettingsSchema, settings, options));
}

/** A1111 uses the preview's settings of the txt2img tab only if `preview_from_txt2img` is set. */
function withoutPreview(named: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(named).filter(([setting]) => !setting.startsWith("preview")));
}

function previewSampler(request: TrainRequest): Partial<TrainSettings> {
  const { preview_sampler_name: name, preview_sampler_index: index } = request;
  // In 1.6 a number is an index into its list of samplers. Here it is an index into the list of 1.10.
  const asked = name ?? (typeof index === "number" ? SAMPLER_NAMES[index] : index);
  const sampler = findSampler(asked ?? DEFAULT_SAMPLER, request.preview_scheduler);
  return { previewSamplerName: sampler.samplerName, previewScheduler: sampler.scheduler };
}

/** A1111's defaults where they differ from ours; an option's value is used instead where an option stands for the setting. */
function a1111Defaults({ shape }: z.ZodObject): Record<string, unknown> {
  const differing = Object.entries(shape).flatMap(([setting, schema]) => {
    const { a1111Default, option } = factsOf(schema as z.ZodType);
    return a1111Default === undefined || option !== undefined ? [] : [[setting, a1111Default] as const];
  });
  return Object.fromEntries(differing);
}

/** The error message names A1111's argument. */
function checked<S extends z.ZodType>(schema: S, settings: Readonly<Record<string, unknown>>): z.output<S> {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = a1111Name(String(issue.path[0] ?? ""));
  throw new LexemeError("REQUEST_MALFORMED", issueSentence(issue, field), { details: { field } });
}

function clamp(value: number | undefined, max: number): number | undefined {
  return value === undefined ? undefined : Math.min(Math.max(value, 0), max);
}

async function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
