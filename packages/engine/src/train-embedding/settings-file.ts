/** @file `settings-<time>.json` in the run folder, with A1111's keys, which its users know. */
import { a1111Name, type TrainSettings } from "@lexeme/domain/settings";
import { localDateTime, type RunFolder } from "@lexeme/data-folder";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";

export interface RunFacts {
  readonly settings: TrainSettings;
  readonly checkpoint: Checkpoint;
  readonly pictures: number;
  readonly vectors: number;
  readonly initialStep: number;
  /** The seed of the run, also if the settings asked for a random seed. */
  readonly seed: bigint;
  readonly logDir: string;
  readonly now: Date;
}

/** Writes every setting of the run by A1111's name, with facts of the run before and after them. */
export async function writeSettingsFile(folder: RunFolder, facts: RunFacts): Promise<void> {
  const { checkpoint, now } = facts;
  // The file names the checkpoint that was opened, not the name in the request.
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
