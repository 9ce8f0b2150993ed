/** @file A picture's infotext back into the forms: txt2img's settings, or the preview of a training. */
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import { etaWhereUnsaid } from "@lexeme/domain/options";
import { parseInfotext, type Infotext } from "@lexeme/domain/infotext";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import { plotForm, trainForm, txt2imgForm } from "../../state/forms.ts";
import type { InfotextLibrary, InfotextNote } from "./infotext-note.ts";
import { readInfotextSettings } from "./infotext-reading.ts";
import { optionsStore } from "../../state/options.ts";
import { scriptStore, setScript } from "../../state/script.ts";
import { plotFromInfotext } from "./plot-reading.ts";

/** What the settings in txt2img's form were read from could not say here, until it is settled or put aside. */
const notesStore: StoreApi<{ notes: readonly InfotextNote[] }> = createStore(() => ({ notes: [] }));

export function useReadingNotes(): readonly InfotextNote[] {
  return useStore(notesStore, ({ notes }) => notes);
}

export function clearReadingNotes(): void {
  notesStore.setState({ notes: [] });
}

export interface ReuseOptions {
  library: InfotextLibrary;
  /** What was chosen beside the notes, by field. */
  choices?: Partial<Txt2imgSettings>;
}

/**
 * Fills txt2img's form; what the infotext does not say stays as it is, and a value that its field refuses is shown there with the reason.
 * Gives what takes it back.
 */
export function reuseInTxt2img(infotext: string, { library, choices = {} }: ReuseOptions): { undo: () => void } {
  const before = txt2imgForm.store.getState();
  const { notes: notesBefore } = notesStore.getState();
  const { settings, refused, notes } = readInfotextSettings(infotext, library);
  // Files that an earlier text asked for are not this one's; an infotext without any is a prompt alone.
  if (settings.steps !== undefined || refused.steps !== undefined) txt2imgForm.reset(["checkpoint", "vae"]);
  const patch = { ...settings, ...etaWhereUnsaid(settings, optionsStore.getState()), ...choices };
  txt2imgForm.patch({ ...refused, ...patch });
  // A1111 leaves defaults out of an infotext, so they are no choice of anybody's.
  // Its prompts have their styles in them already.
  txt2imgForm.reset([...defaultsAmong(patch), "styles"]);
  notesStore.setState({ notes });
  const undoPlot = reusePlot(parseInfotext(infotext));
  return {
    undo: () => {
      undoPlot();
      txt2imgForm.store.setState(before);
      notesStore.setState({ notes: notesBefore });
    },
  };
}

/** Fills the plot's form and chooses the script; any other infotext leaves both alone. Gives what takes it back. */
function reusePlot(infotext: Infotext): () => void {
  const plot = plotFromInfotext(infotext);
  if (plot === null) return () => undefined;
  const before = { form: plotForm.store.getState(), script: scriptStore.getState() };
  plotForm.reset();
  plotForm.patch(plot);
  setScript("X/Y/Z plot");
  return () => {
    plotForm.store.setState(before.form);
    scriptStore.setState(before.script);
  };
}

/** Fields that hold their default. Sizes are not among them: their default is the checkpoint's; and files are named where they differ. */
function defaultsAmong(settings: Partial<Txt2imgSettings>): string[] {
  const kept: readonly string[] = ["width", "height", "vae"];
  return Object.entries(settings)
    .filter(([name, value]) => !kept.includes(name) && isDefault(name as keyof Txt2imgSettings, value))
    .map(([name]) => name);
}

/** By the options as they are: a picture drawn with A1111's own default keeps that where another was chosen since. */
function isDefault(name: keyof Txt2imgSettings, value: unknown): boolean {
  return txt2imgForm.defaultOf(name) === value;
}

/** Makes a picture's settings those of the training's previews. */
export function reuseAsPreview(infotext: string): void {
  const { settings, refused } = readInfotextSettings(infotext);
  trainForm.patch(previewFrom({ ...refused, ...settings }));
}

/** The preview fields of a training that stand for these txt2img settings. */
export function previewFrom(settings: Partial<Txt2imgSettings>): Parameters<typeof trainForm.patch>[0] {
  const pairs = {
    previewPrompt: settings.prompt,
    previewNegativePrompt: settings.negativePrompt,
    previewSteps: settings.steps,
    previewSamplerName: settings.samplerName,
    previewScheduler: settings.scheduler,
    previewCfgScale: settings.cfgScale,
    previewSeed: settings.seed,
  };
  return Object.fromEntries(Object.entries(pairs).filter(([, value]) => value !== undefined));
}
