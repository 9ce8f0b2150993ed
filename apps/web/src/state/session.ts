/** @file Choices that stay from tab to tab and over a reload. Fields of forms are in `form-store.ts`. */
import { useStore } from "zustand";
import { persist, type PersistOptions } from "zustand/middleware";
import { createStore, type StoreApi } from "zustand/vanilla";
import { readTabText, tabStorage } from "./tab-storage.ts";

export interface SessionState {
  /** Name of the embedding being worked on. */
  embedding: string | null;
  /** Folder of the prepared pictures. */
  dataset: string | null;
  /** The demo's story: followed step by step, left aside, or never begun. */
  guide: "off" | "on" | "finished";
  /** The word of the demo's story; null stands for the suggested one. */
  guideWord: string | null;
  /** The word for whose pictures Preprocess was last started. */
  preparedWord: string | null;
  /** For each word, the folder of pictures that was prepared or chosen for it last. */
  datasets: Readonly<Record<string, string>>;
  /** The server's data folder when it was last asked for; null before. */
  dataDir: string | null;
  /** Path of the tab that was open last. */
  lastTab: string;
}

const STORAGE_KEY = "lexeme.session";

/** True if no tab of Lexeme was ever open in this browser. */
export function isNewBrowser(): boolean {
  return readTabText(STORAGE_KEY) === null;
}

const INITIAL: SessionState = {
  embedding: null,
  dataset: null,
  guide: "off",
  guideWord: null,
  preparedWord: null,
  datasets: {},
  dataDir: null,
  lastTab: "/create",
};

const options: PersistOptions<SessionState> = { name: STORAGE_KEY, version: 1, storage: tabStorage() };

export const sessionStore: StoreApi<SessionState> = createStore(persist(() => INITIAL, options));

export function useSession<T>(select: (state: SessionState) => T): T {
  return useStore(sessionStore, select);
}

export function setSession(change: Partial<SessionState>): void {
  sessionStore.setState(change);
}
