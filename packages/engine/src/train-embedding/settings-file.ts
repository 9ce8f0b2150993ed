/** @file `settings-<time>.json` in the run folder: A1111's keys, so that its users find what they know. */
import { a1111Name, type TrainSettings } from "@lexeme/domain/settings";
import { localDateTime, type RunFolder } from "@lexeme/data-folder";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";

export interface RunFacts {
  readonly settings: TrainSettings;
  readonly checkpoint: Checkpoint;
  readonly pictures: number;
  readonly vectors: number;
  readonly initialStep: number;
  /** The seed really used, also when a random one was asked for. */
  readonly seed: bigint;
  readonly logDir: string;
  readonly now: Date;
}

/** Every setting of the run by A1111's name; what only the run knows stands before and behind them. */
export async function writeSettingsFile(folder: RunFolder, facts: RunFacts): Promise<void> {
  const { checkpoint, now } = facts;
  // The checkpoint is named as it is, not as it was asked for.
  const { checkpoint: _asked, templateFilename, resumeFrom, previewSeed, ...settings } = facts.settings;
  const content = {
    datetime: localDateTime(now),
    model_name: checkpoint.modelName,
    model_hash: checkpoint.shortHash,
    num_of_dataset_images: facts.pictures,
    num_vectors_per_token: facts.vectors,
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [a1111Name(name), value])),
    template_file: templateFilename,
    log_directory: facts.logDir,
    initial_step: facts.initialStep,
    seed: facts.seed,
    preview_seed: BigInt(previewSeed),
    resumed_from: resumeFrom,
  };
  await folder.writeSettings(content, now);
}
