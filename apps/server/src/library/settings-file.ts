/** @file The few choices that outlive the server, in `.lexeme/settings.json`. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { writeWholeFile } from "./whole-file.ts";

const SettingsSchema = z.object({
  checkpoint: z.string().nullable().catch(null),
  /** As the `vae` setting of a job. */
  vae: z.string().catch("Automatic"),
});

export class SettingsFile {
  readonly #path: string;
  #settings: z.infer<typeof SettingsSchema>;

  private constructor(path: string, settings: z.infer<typeof SettingsSchema>) {
    this.#path = path;
    this.#settings = settings;
  }

  /** A file that is missing or cannot be read counts as empty: nothing in it is worth refusing to start for. */
  static async open(path: string): Promise<SettingsFile> {
    const text = await readFile(path, "utf8").catch(() => "{}");
    return new SettingsFile(path, SettingsSchema.catch({ checkpoint: null, vae: "Automatic" }).parse(parseJson(text)));
  }

  get checkpoint(): string | null {
    return this.#settings.checkpoint;
  }

  async chooseCheckpoint(name: string): Promise<void> {
    await this.#change({ checkpoint: name });
  }

  get vae(): string {
    return this.#settings.vae;
  }

  async chooseVae(setting: string): Promise<void> {
    await this.#change({ vae: setting });
  }

  async #change(change: Partial<z.infer<typeof SettingsSchema>>): Promise<void> {
    this.#settings = { ...this.#settings, ...change };
    await writeWholeFile(this.#path, `${JSON.stringify(this.#settings, null, 2)}\n`, { replace: true });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
