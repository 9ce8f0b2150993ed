/** @file A1111's own `config.json` in the data folder, which is only read: the options that its user has changed there. */
import { isDeepStrictEqual } from "node:util";
import { a1111Default, type OptionName, type Options } from "@lexeme/domain/options";
import { readJsonFile, type Entries } from "./json-file.ts";
import { readOptions, type OptionNotTaken } from "./stored-options.ts";

export interface A1111Config {
  readonly options: Partial<Options>;
  /** Options of ours whose values there cannot be used here. */
  readonly notTaken: readonly OptionNotTaken[];
  /** Why none of the file is used, as a sentence; null when it can be, or there is none. */
  readonly fault: string | null;
}

/** A1111 writes every option into its file; a choice of the user's is a value that differs from A1111's default. */
export async function readA1111Config(path: string): Promise<A1111Config> {
  const { entries, fault } = await readJsonFile(path);
  const { options, notTaken } = readOptions({ ...entries, ...checkpointOf(entries) });
  const changed = Object.entries(options).filter(
    ([name, value]) => !isDeepStrictEqual(value, a1111Default(name as OptionName)),
  );
  return {
    options: Object.fromEntries(changed) as Partial<Options>,
    notTaken,
    fault: fault && `A1111's settings in "${path}" are not used: ${fault}`,
  };
}

/** A1111 keeps a title, `folder/name.safetensors [6ce0161689]`, with the slashes of its system. */
function checkpointOf({ sd_model_checkpoint: title }: Entries): Entries {
  if (typeof title !== "string") return {};
  return { sd_model_checkpoint: title.replace(/ \[[0-9a-f]+\]$/u, "").replaceAll("\\", "/") };
}
