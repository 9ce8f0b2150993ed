/** @file The changed options in `.lexeme/settings.json`. Other options come from A1111's own `config.json`, then from the table. */
import { LexemeError } from "@lexeme/core";
import { inTurn, writeWholeFile } from "@lexeme/data-folder";
import { isDeepStrictEqual } from "node:util";
import {
  DEFAULT_OPTIONS,
  OPTION_NAMES,
  OPTIONS_WITHOUT_EFFECT,
  type OptionName,
  type Options,
} from "@lexeme/domain/options";
import { readA1111Config, type A1111Config } from "./a1111-config.ts";
import { readJsonFile, type Entries, type JsonFile } from "./json-file.ts";
import { readOptions, readPlainOptions, type PlainOptions } from "./stored-options.ts";

/** Names under which earlier versions stored two of the options. */
const FORMER_NAMES: ReadonlyMap<string, OptionName> = new Map([
  ["checkpoint", "sd_model_checkpoint"],
  ["vae", "sd_vae"],
]);

export class SettingsFile {
  readonly #path: string;
  readonly #a1111Path: string;
  readonly #changed: () => void;
  /** The read file, with faults as whole sentences. */
  #read: JsonFile;
  #a1111: A1111Config;

  private constructor(
    { path, a1111Path, changed }: { path: string; a1111Path: string; changed: () => void },
    { read, a1111 }: { read: JsonFile; a1111: A1111Config },
  ) {
    this.#path = path;
    this.#a1111Path = a1111Path;
    this.#changed = changed;
    this.#read = read;
    this.#a1111 = a1111;
  }

  /** `a1111Path` is the `config.json` of an A1111 folder, which is only read. Both files may be missing or faulty. `changed` is called after every change. */
  static async open(path: string, a1111Path: string, changed: () => void): Promise<SettingsFile> {
    const [read, a1111] = await Promise.all([readEntries(path), readA1111Config(a1111Path)]);
    return new SettingsFile({ path, a1111Path, changed }, { read, a1111 });
  }

  /** A sentence that says why the file cannot be used and written; null if it can. */
  get fault(): string | null {
    return this.#read.fault;
  }

  /** The current value of every option. A value that no longer fits its option counts as not set, but stays in the file. */
  get options(): Options {
    return { ...this.defaults, ...readOptions(this.#read.entries).options };
  }

  /** The options without effect that programs or A1111's user set to other values than A1111's defaults. */
  get withoutEffect(): PlainOptions {
    const set = { ...this.#a1111.withoutEffect, ...readPlainOptions(this.#read.entries) };
    return Object.fromEntries(
      Object.entries(set).filter(([name, value]) => !isDeepStrictEqual(value, OPTIONS_WITHOUT_EFFECT[name])),
    );
  }

  /** The values of the options if none is changed here. */
  get defaults(): Options {
    return { ...DEFAULT_OPTIONS, ...this.#a1111.options };
  }

  /** Options whose default was changed in A1111. */
  get imported(): OptionName[] {
    return OPTION_NAMES.filter((name) => name in this.#a1111.options);
  }

  /** The parts of A1111's `config.json` that could not be used. */
  get a1111(): Pick<A1111Config, "notTaken" | "fault"> {
    return this.#a1111;
  }

  /** Name of the chosen checkpoint; null until one is chosen. */
  get checkpoint(): string | null {
    return this.options.sd_model_checkpoint || null;
  }

  async chooseCheckpoint(name: string): Promise<void> {
    await this.change({ sd_model_checkpoint: name });
  }

  /** The chosen VAE in the form of a job's `vae` setting. */
  get vae(): string {
    return this.options.sd_vae;
  }

  async chooseVae(setting: string): Promise<void> {
    await this.change({ sd_vae: setting });
  }

  /** Reads both files again, because a person may have changed or corrected them. */
  async reread(): Promise<void> {
    await inTurn(this.#path, async () => {
      [this.#read, this.#a1111] = await Promise.all([readEntries(this.#path), readA1111Config(this.#a1111Path)]);
    });
  }

  /** Sets options that were checked before. Throws LexemeError `SETTINGS_UNREADABLE` if the file's contents would be lost. */
  async change(options: Partial<Options> & PlainOptions): Promise<void> {
    await this.#write((entries) => ({ ...entries, ...options }));
  }

  /** Resets these options. Throws the errors of `change`. */
  async reset(names: readonly string[]): Promise<void> {
    await this.#write((entries) =>
      Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name))),
    );
  }

  /** Reads the file again first, and keeps entries that are not options of Lexeme. */
  #write(edit: (entries: Entries) => Entries): Promise<void> {
    return inTurn(this.#path, async () => {
      this.#read = await readEntries(this.#path);
      if (this.#read.fault !== null) throw new LexemeError("SETTINGS_UNREADABLE", this.#read.fault);
      const entries = this.#withoutDefaults(edit(this.#read.entries));
      await writeWholeFile(this.#path, `${JSON.stringify(entries, null, 2)}\n`, { replace: true });
      this.#read = { entries, fault: null };
      this.#changed();
    });
  }

  /** An option at its default is not stored, so that a later, better default applies to it. */
  #withoutDefaults(entries: Entries): Entries {
    // An option without effect that A1111's file changes is kept at A1111's default too.
    const defaults: Entries = { ...OPTIONS_WITHOUT_EFFECT, ...this.#a1111.withoutEffect, ...this.defaults };
    return Object.fromEntries(
      Object.entries(entries).filter(([name, value]) => !isDeepStrictEqual(value, defaults[name])),
    );
  }
}

async function readEntries(path: string): Promise<JsonFile> {
  const { entries, fault } = await readJsonFile(path);
  return { entries: withFormerNames(entries), fault: fault && faultOf(path, fault) };
}

function faultOf(path: string, reason: string): string {
  return `The settings file "${path}" is not used: ${reason}. Correct it, or move it away to start with the defaults; until then settings cannot be changed`;
}

function withFormerNames(entries: Entries): Entries {
  const renamed = Object.entries(entries).map(([name, value]) => [FORMER_NAMES.get(name) ?? name, value] as const);
  // If both names are there, the present name wins. In earlier versions null meant "none chosen".
  return { ...Object.fromEntries(renamed.filter(([, value]) => value !== null)), ...presentOf(entries) };
}

function presentOf(entries: Entries): Entries {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !FORMER_NAMES.has(name)));
}
