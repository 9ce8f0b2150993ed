/** @file Captions on their way to the server: typed, kept over a reload until they are saved, saved half a second after the last key. */
import { LexemeError } from "@lexeme/core";
import type { Dataset, DatasetPicture } from "@lexeme/protocol";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import { messageOf } from "../../../ui/feedback/message-of.ts";
import { showUndo } from "../../../ui/feedback/toast.ts";
import { call } from "../../../api/client.ts";
import { queryClient } from "../../../api/queries.ts";

export type CaptionStatus = { kind: "waiting" | "saving" | "saved" } | { kind: "failed"; message: string };

export interface CaptionState {
  /** Captions that were typed and are not on the server's disk yet, by the picture's path. */
  drafts: Record<string, string>;
  statuses: Record<string, CaptionStatus>;
}

const STORAGE_KEY = "lexeme.captions";
const PAUSE_MS = 500;
/** A save that is not answered within this time counts as failed, so that it does not hold up the next one. */
const PATIENCE_MS = 20_000;

export const captionStore: StoreApi<CaptionState> = createStore<CaptionState>(() => ({ drafts: load(), statuses: {} }));

const timers = new Map<string, ReturnType<typeof setTimeout>>();
const underWay = new Map<string, Promise<void>>();

captionStore.subscribe((state, before) => {
  if (state.drafts !== before.drafts) localStorage.setItem(STORAGE_KEY, JSON.stringify(state.drafts));
});

/** Takes a caption as typed; it is saved once the typing rests. */
export function typeCaption(path: string, caption: string): void {
  setDraft(path, caption);
  setStatus(path, { kind: "waiting" });
  clearTimeout(timers.get(path));
  timers.set(
    path,
    setTimeout(() => void saveNow(path), PAUSE_MS),
  );
}

/** Saves a caption at once if it has changed; waits for the save of an earlier caption, so that the earlier one does not win. */
export async function saveNow(path: string, options: { keepalive?: boolean } = {}): Promise<void> {
  clearTimeout(timers.get(path));
  timers.delete(path);
  // A page that is being left cannot wait.
  if (options.keepalive !== true) await underWay.get(path);
  const caption = captionStore.getState().drafts[path];
  if (caption === undefined) return;
  const save = send(path, caption, options);
  underWay.set(path, save);
  await save;
  if (underWay.get(path) === save) underWay.delete(path);
}

async function send(path: string, caption: string, options: { keepalive?: boolean }): Promise<void> {
  setStatus(path, { kind: "saving" });
  try {
    intoCache(await answerInTime((signal) => call("saveCaption", { body: { path, caption } }, { signal, ...options })));
    // The caption was changed meanwhile: another save with its own timer follows.
    if (captionStore.getState().drafts[path] !== caption) return;
    captionStore.setState(({ drafts }) => ({ drafts: without(drafts, path) }));
    setStatus(path, { kind: "saved" });
  } catch (error) {
    if (isGone(error)) showUndo(`${fileOf(path)} is gone, and its unsaved caption is discarded`, discardDraft(path));
    else setStatus(path, { kind: "failed", message: messageOf(error) });
  }
}

/** The answer; throws a LexemeError, and gives the request up, if none has come within the patience. */
async function answerInTime<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const patience = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new LexemeError("SERVER_UNREACHABLE", "The server has not answered for 20 seconds"));
      patience.abort();
    }, PATIENCE_MS);
  });
  try {
    return await Promise.race([ask(patience.signal), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Saves all unsaved captions: those that an earlier page left, or those that would be lost with this page. The drafts of pictures in `pictures`
 * whose caption cannot be read stay as they are, because the server does not replace such a file.
 */
export function saveAll(pictures: readonly DatasetPicture[], options: { keepalive?: boolean } = {}): void {
  const unreadable = new Set(pictures.filter(isUnreadable).map(({ path }) => path));
  for (const path of Object.keys(captionStore.getState().drafts))
    if (!unreadable.has(path)) void saveNow(path, options);
}

/** Whether the picture of a draft is gone, so that sending the draft again would fail again. */
function isGone(error: unknown): boolean {
  return error instanceof LexemeError && error.code === "FILE_MISSING";
}

function fileOf(path: string): string {
  return path.split(/[\\/]/u).at(-1) ?? path;
}

export function isUnreadable({ captionFault }: DatasetPicture): boolean {
  return captionFault !== null;
}

/** True for a caption that is only a guess from the file name and stands in no file. */
export function isGuess({ hasCaptionFile, caption }: DatasetPicture): boolean {
  return !hasCaptionFile && caption !== "";
}

/** Saves the guessed captions of these pictures, or empty captions in their place. */
export function settleGuesses(pictures: readonly DatasetPicture[], how: "keep" | "drop"): void {
  for (const { path, caption } of pictures) {
    setDraft(path, how === "keep" ? caption : "");
    void saveNow(path);
  }
}

/** Writes the guesses again where no caption has been written since they were dropped. */
export function restoreGuesses(pictures: readonly DatasetPicture[]): void {
  const { drafts } = captionStore.getState();
  settleGuesses(
    pictures.filter(({ path }) => (drafts[path] ?? cachedCaption(path)) === ""),
    "keep",
  );
}

/** The caption of the server's last answer; empty if there is none. */
function cachedCaption(path: string): string {
  const datasets = queryClient.getQueriesData<Dataset>({ queryKey: ["getDataset"] });
  const pictures = datasets.flatMap(([, dataset]) => dataset?.pictures ?? []);
  return pictures.find((one) => one.path === path)?.caption ?? "";
}

/** Discards an unsaved draft. Returns a function that brings the draft back, still unsaved. */
export function discardDraft(path: string): () => void {
  clearTimeout(timers.get(path));
  timers.delete(path);
  const { drafts, statuses } = captionStore.getState();
  const draft = drafts[path];
  captionStore.setState({ drafts: without(drafts, path), statuses: without(statuses, path) });
  return () => {
    if (draft !== undefined) setDraft(path, draft);
  };
}

/** The caption of a picture as it stands in the field. */
export function captionOf(picture: DatasetPicture): string {
  return captionStore.getState().drafts[picture.path] ?? picture.caption;
}

export function useCaption(picture: DatasetPicture): {
  caption: string;
  isDraft: boolean;
  status: CaptionStatus | undefined;
} {
  const draft = useStore(captionStore, (state) => state.drafts[picture.path]);
  const status = useStore(captionStore, (state) => state.statuses[picture.path]);
  return { caption: draft ?? picture.caption, isDraft: draft !== undefined, status };
}

function setDraft(path: string, caption: string): void {
  captionStore.setState(({ drafts }) => ({ drafts: { ...drafts, [path]: caption } }));
}

function setStatus(path: string, status: CaptionStatus): void {
  captionStore.setState(({ statuses }) => ({ statuses: { ...statuses, [path]: status } }));
}

function without<T>(record: Record<string, T>, path: string): Record<string, T> {
  const { [path]: _left, ...others } = record;
  return others;
}

function intoCache(saved: DatasetPicture): void {
  queryClient.setQueriesData<{ pictures: DatasetPicture[] }>({ queryKey: ["getDataset"] }, (dataset) =>
    dataset === undefined
      ? undefined
      : { ...dataset, pictures: dataset.pictures.map((one) => (one.path === saved.path ? saved : one)) },
  );
}

function load(): Record<string, string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(
      Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch {
    return {};
  }
}
