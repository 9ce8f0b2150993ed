/** @file Pictures that were moved to the bin from this page, so that every place that shows one lets go of it at once. */
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";

export const deletedPicturesStore: StoreApi<ReadonlySet<string>> = createStore(() => new Set<string>());

export function useDeletedPictures(): ReadonlySet<string> {
  return useStore(deletedPicturesStore);
}

/** Notes that the picture at `path` is gone, or back again. */
export function markDeleted(path: string, deleted: boolean): void {
  const paths = new Set(deletedPicturesStore.getState());
  if (deleted) paths.add(path);
  else paths.delete(path);
  deletedPicturesStore.setState(paths, true);
}
