/** @file The drawing that txt2img shows because the user opened it from the list of jobs. */
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";

const choiceStore: StoreApi<{ id: string | null }> = createStore(() => ({ id: null }));

/** The id of the chosen drawing; null to follow the user's newest drawings. */
export function useDrawingChoice(): string | null {
  return useStore(choiceStore, ({ id }) => id);
}

export function chooseDrawing(id: string | null): void {
  choiceStore.setState({ id });
}
