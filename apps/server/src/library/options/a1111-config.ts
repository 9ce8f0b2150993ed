/** @file Reads the options that an A1111 user has changed from A1111's own `config.json` in the data folder. That file is never written. */
import { isDeepStrictEqual } from "node:util";
import { a1111Default, type OptionName, type Options } from "@lexeme/domain/options";
import { readJsonFile, type Entries } from "./json-file.ts";
import { readOptions, readPlainOptions, type OptionNotTaken, type PlainOptions } from "./stored-options.ts";

export interface A1111Config {
  readonly options: Partial<Options>;
  /** Values of options that have no effect here. */
  readonly withoutEffect: PlainOptions;
  /** Options of Lexeme whose values in that file cannot be used. */
  readonly notTaken: readonly OptionNotTaken[];
  /** A sentence that says why the whole file is not used; null if the file can be used or is missing. */
  readonly fault: string | null;
}

/** A1111 writes every option into its file; a value that differs from A1111's default is a choice of the user. */
export async function readA1111Config(path: string): Promise<A1111Config> {
  const { entries, fault } = await readJsonFile(path);
  const { options, notTaken } = readOptions({ ...entries, ...checkpointOf(entries) });
  const changed = Object.entries(options).filter(
    ([name, value]) => !isDeepStrictEqual(value, a1111Default(name as OptionName)),
  );
  return {
    options: Object.fromEntries(changed) as Partial<Options>,
    withoutEffect: readPlainOptions(entries),
    notTaken,
    fault: fault && `A1111's settings in "${path}" are not used: ${fault}`,
  };
}

/** A1111 stores a checkpoint's title, `folder/name.safetensors [6ce0161689]`, with the slashes of its system. */
function checkpointOf({ sd_model_checkpoint: title }: Entries): Entries {
  if (typeof title !== "string") return {};
  return { sd_model_checkpoint: title.replace(/ \[[0-9a-f]+\]$/u, "").replaceAll("\\", "/") };
}
