/** @file The options that were changed, in `.lexeme/settings.json`; what it says nothing of comes from A1111's own `config.json`, then from the table. */
import { LexemeError } from "@lexeme/core";
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import {
  DEFAULT_OPTIONS,
  OPTION_NAMES,
  OptionsSchema,
  a1111Default,
  type OptionName,
  type Options,
} from "@lexeme/domain/options";

import { writeWholeFile } from "@lexeme/data-folder";

/** Names under which earlier versions kept two of them. */
const FORMER_NAMES: ReadonlyMap<string, OptionName> = new Map([
  ["checkpoint", "sd_model_checkpoint"],
  ["vae", "sd_vae"],
]);

type Entries = Readonly<Record<string, unknown>>;

interface Read {
  entries: Entries;
  /** Why the file could not be read, as a sentence; null when it could or there is none. */
  fault: string | null;
}

export class SettingsFile {
  readonly #path: string;
  readonly #imported: Partial<Options>;
  #read: Read;
  /** The end of the last write: two at once would lose one's change. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(path: string, { read, imported }: { read: Read; imported: Partial<Options> }) {
    this.#path = path;
    this.#read = read;
    this.#imported = imported;
  }

  /** `a1111Path` is the `config.json` of an A1111 folder, which is only ever read. Neither file has to be there, or to be right. */
  static async open(path: string, a1111Path: string): Promise<SettingsFile> {
    const [read, theirs] = await Promise.all([readEntries(path), readEntries(a1111Path)]);
    return new SettingsFile(path, { read, imported: changedInA1111(theirs.entries) });
  }

  /** Why the file cannot be used and written, as a sentence; null when it can. */
  get fault(): string | null {
    return this.#read.fault;
  }

  /** Every option as it is now. A value that no longer fits its option counts as not set, and stays in the file. */
  get options(): Options {
    return { ...this.defaults, ...validAmong(this.#read.entries) };
  }

  /** What the options are when none is changed here. */
  get defaults(): Options {
    return { ...DEFAULT_OPTIONS, ...this.#imported };
  }

  /** Options whose default was changed in A1111. */
  get imported(): OptionName[] {
    return OPTION_NAMES.filter((name) => name in this.#imported);
  }

  /** Name of the chosen checkpoint; null until one is chosen. */
  get checkpoint(): string | null {
    return this.options.sd_model_checkpoint || null;
  }

  async chooseCheckpoint(name: string): Promise<void> {
    await this.change({ sd_model_checkpoint: name });
  }

  /** As the `vae` setting of a job. */
  get vae(): string {
    return this.options.sd_vae;
  }

  async chooseVae(setting: string): Promise<void> {
    await this.change({ sd_vae: setting });
  }

  /** Looks at the file again: a person may have changed or mended it. */
  async reread(): Promise<void> {
    await this.#writing;
    this.#read = await readEntries(this.#path);
  }

  /** Sets options that were checked before. Throws LexemeError `SETTINGS_UNREADABLE` when what is there would be lost. */
  async change(options: Partial<Options>): Promise<void> {
    await this.#write((entries) => ({ ...entries, ...options }));
  }

  /** Takes back what was changed of these options. Throws as `change`. */
  async reset(names: readonly OptionName[]): Promise<void> {
    await this.#write((entries) =>
      Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name as OptionName))),
    );
  }

  /** Reads the file again first, and keeps what is not an option of ours. */
  #write(edit: (entries: Entries) => Entries): Promise<void> {
    const written = this.#writing.then(async () => {
      this.#read = await readEntries(this.#path);
      if (this.#read.fault !== null) throw new LexemeError("SETTINGS_UNREADABLE", this.#read.fault);
      const entries = this.#withoutDefaults(edit(this.#read.entries));
      await writeWholeFile(this.#path, `${JSON.stringify(entries, null, 2)}\n`, { replace: true });
      this.#read = { entries, fault: null };
    });
    this.#writing = written.catch(() => undefined);
    return written;
  }

  /** An option at its default is not kept, so that a better default reaches it. */
  #withoutDefaults(entries: Entries): Entries {
    const { defaults } = this;
    return Object.fromEntries(
      Object.entries(entries).filter(([name, value]) => !isDeepStrictEqual(value, defaults[name as OptionName])),
    );
  }
}

async function readEntries(path: string): Promise<Read> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return { entries: {}, fault: code === "ENOENT" ? null : faultOf(path, `it cannot be read (${code})`) };
  }
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/u, ""));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return { entries: withFormerNames(value as Entries), fault: null };
    }
  } catch {
    // Said below.
  }
  return { entries: {}, fault: faultOf(path, "it holds something else than a JSON object") };
}

function faultOf(path: string, reason: string): string {
  return `The settings file "${path}" is not used: ${reason}. Mend it, or move it away to begin with the defaults; until then settings cannot be changed`;
}

function withFormerNames(entries: Entries): Entries {
  const renamed = Object.entries(entries).map(([name, value]) => [FORMER_NAMES.get(name) ?? name, value] as const);
  // Where both names are there the present one wins; null once stood for "none chosen".
  return { ...Object.fromEntries(renamed.filter(([, value]) => value !== null)), ...presentOf(entries) };
}

function presentOf(entries: Entries): Entries {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !FORMER_NAMES.has(name)));
}

function validAmong(entries: Entries): Partial<Options> {
  const valid = OPTION_NAMES.flatMap((name) => {
    const parsed = name in entries ? OptionsSchema.shape[name].safeParse(entries[name]) : undefined;
    return parsed?.success === true ? [[name, parsed.data]] : [];
  });
  return Object.fromEntries(valid) as Partial<Options>;
}

/** A1111 writes every option into its file; a choice of the user's is what differs from its defaults. */
function changedInA1111(entries: Entries): Partial<Options> {
  const options = validAmong({ ...entries, ...checkpointOf(entries) });
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => !isDeepStrictEqual(value, a1111Default(name as OptionName))),
  );
}

/** A1111 keeps a title, `folder/name.safetensors [6ce0161689]`, with the slashes of its system. */
function checkpointOf({ sd_model_checkpoint: title }: Entries): Entries {
  if (typeof title !== "string") return {};
  return { sd_model_checkpoint: title.replace(/ \[[0-9a-f]+\]$/u, "").replaceAll("\\", "/") };
}
