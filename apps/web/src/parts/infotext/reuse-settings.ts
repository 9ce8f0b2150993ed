/** @file Puts a picture's infotext back into the forms: txt2img's settings, or the preview of a training. */
import { XYZ_SCRIPT } from "@lexeme/domain/plot";
import type { TrainSettings, Txt2imgSettings } from "@lexeme/domain/settings";
import { etaWhereUnsaid } from "@lexeme/domain/options";
import { parseInfotext, type Infotext } from "@lexeme/domain/infotext";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import { plotForm, trainForm, txt2imgForm } from "../../state/forms.ts";
import type { InfotextLibrary, InfotextNote, NoteField } from "./infotext-note.ts";
import { readInfotextSettings } from "./infotext-reading.ts";
import { optionsStore } from "../../state/options.ts";
import { NO_SCRIPT, scriptStore, setScript } from "../../state/script.ts";
import { plotFromInfotext } from "./plot-reading.ts";

/** The notes on the infotext that filled txt2img's form, until another infotext is read or they are put aside. */
const notesStore: StoreApi<{ notes: readonly InfotextNote[] }> = createStore(() => ({ notes: [] }));

export function useReadingNotes(): readonly InfotextNote[] {
  return useStore(notesStore, ({ notes }) => notes);
}

export function clearReadingNotes(): void {
  notesStore.setState({ notes: [] });
}

export interface ReuseOptions {
  library: InfotextLibrary;
  /** Values that were chosen beside the notes, by field. */
  choices?: Partial<Txt2imgSettings>;
}

/**
 * Fills txt2img's form. Fields that the infotext does not name stay as they are, and a value that its field refuses is shown there with the reason.
 * `undo` brings the earlier form back.
 */
export function reuseInTxt2img(infotext: string, { library, choices = {} }: ReuseOptions): { undo: () => void } {
  const before = txt2imgForm.store.getState();
  const { notes: notesBefore } = notesStore.getState();
  const { settings, refused, notes } = readInfotextSettings(infotext, library);
  // The files of an earlier text do not belong to this one; a text without steps is a prompt alone and keeps them.
  const isPicture = settings.steps !== undefined || refused.steps !== undefined;
  if (isPicture) txt2imgForm.reset(["checkpoint", "vae"]);
  const patch = { ...settings, ...etaWhereUnsaid(settings, optionsStore.getState()), ...choices };
  txt2imgForm.patch({ ...refused, ...patch });
  // A1111 leaves defaults out of an infotext, so a default in the form is nobody's choice.
  // The prompts of an infotext contain their styles already.
  txt2imgForm.reset([...defaultsAmong(patch), "styles"]);
  notesStore.setState({ notes });
  const undoPlot = reusePlot(parseInfotext(infotext), isPicture);
  return {
    undo: () => {
      undoPlot();
      txt2imgForm.store.setState(before);
      notesStore.setState({ notes: notesBefore });
    },
  };
}

/**
 * Fills the plot's form and chooses the script. As in A1111, a picture without a script chooses none; a prompt alone leaves the choice. Returns a
 * function that undoes it.
 */
function reusePlot(infotext: Infotext, isPicture: boolean): () => void {
  const plot = plotFromInfotext(infotext);
  const before = { form: plotForm.store.getState(), script: scriptStore.getState() };
  if (plot !== null) {
    plotForm.reset();
    plotForm.patch(plot);
    setScript(XYZ_SCRIPT);
  } else if (isPicture) setScript(NO_SCRIPT);
  return () => {
    plotForm.store.setState(before.form);
    scriptStore.setState(before.script);
  };
}

/** Fields that hold their default. Sizes are not among them, because their default is the checkpoint's; nor is the VAE, which is only given if it differs. */
function defaultsAmong(settings: Partial<Txt2imgSettings>): string[] {
  const kept: readonly string[] = ["width", "height", "vae"];
  return Object.entries(settings)
    .filter(([name, value]) => !kept.includes(name) && isDefault(name as keyof Txt2imgSettings, value))
    .map(([name]) => name);
}

/** Compares with the present options: a picture drawn with A1111's own default keeps it if another default was chosen since. */
function isDefault(name: keyof Txt2imgSettings, value: unknown): boolean {
  return txt2imgForm.defaultOf(name) === value;
}

/** The preview fields of a training, by the fields of txt2img that they repeat. */
const PREVIEW_FIELDS = {
  prompt: "previewPrompt",
  negativePrompt: "previewNegativePrompt",
  steps: "previewSteps",
  samplerName: "previewSamplerName",
  scheduler: "previewScheduler",
  cfgScale: "previewCfgScale",
  seed: "previewSeed",
} as const satisfies Partial<Record<NoteField, keyof TrainSettings>>;

/**
 * Uses a picture's settings for the training's previews. If a field refuses its value, the field shows the value, no training can start, and
 * `refused` contains a sentence about the value. `undo` brings the earlier form back.
 */
export function reuseAsPreview(infotext: string): { refused: readonly string[]; undo: () => void } {
  const before = trainForm.store.getState();
  const { settings, refused, notes } = readInfotextSettings(infotext);
  trainForm.patch(previewFrom({ ...refused, ...settings }));
  return {
    refused: notes
      .filter(({ refusedBy }) => refusedBy !== undefined && refusedBy in PREVIEW_FIELDS)
      .map(({ message }) => message),
    undo: () => trainForm.store.setState(before),
  };
}

/** The preview fields of a training that stand for these txt2img settings. */
export function previewFrom(settings: Partial<Txt2imgSettings>): Parameters<typeof trainForm.patch>[0] {
  const pairs = Object.entries(PREVIEW_FIELDS).map(([name, preview]) => [preview, settings[name as NoteField]]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) as Parameters<typeof trainForm.patch>[0];
}
