/** @file The drawings that this tab follows: the one that the user opened from the list of jobs, else those that the tab started. */
import { useStore } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";
import { createStore, type StoreApi } from "zustand/vanilla";

export interface DrawingChoice {
  /** The id of the chosen drawing; null to follow the newest drawings. */
  chosen: string | null;
  /** The ids of the drawings that this tab started, newest last; kept over a reload. */
  started: readonly string[];
}

/** More drawings than anybody looks back at in one tab. */
const MAX_STARTED = 50;

const choiceStore: StoreApi<DrawingChoice> = createStore(
  persist((): DrawingChoice => ({ chosen: null, started: [] }), {
    name: "lexeme.started-drawings",
    version: 1,
    // Another tab has its own drawings, so this is not shared with it.
    storage: createJSONStorage(() => sessionStorage),
    partialize: ({ started }): DrawingChoice => ({ chosen: null, started }),
  }),
);

export function useDrawingChoice(): DrawingChoice {
  return useStore(choiceStore);
}

export function chooseDrawing(id: string | null): void {
  choiceStore.setState({ chosen: id });
}

/** The tab follows a drawing that it has just started. */
export function followDrawing(id: string): void {
  choiceStore.setState(({ started }) => ({ chosen: null, started: [...started, id].slice(-MAX_STARTED) }));
}

/** A job that tries another one again takes its place, if the tab follows that one. */
export function followInstead(id: string, again: string): void {
  const { chosen, started } = choiceStore.getState();
  if (chosen === id || started.includes(id)) followDrawing(again);
}

/** Follows no drawing. */
export function forgetDrawings(): void {
  choiceStore.setState({ chosen: null, started: [] });
}
