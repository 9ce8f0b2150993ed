/** @file Pictures that were moved to the bin from this browser, so that no place shows them any more, also after a reload. */
import { useStore } from "zustand";
import { persist } from "zustand/middleware";
import { createStore } from "zustand/vanilla";

/** When each was deleted, by path, in milliseconds since the epoch. */
export type DeletedPictures = Readonly<Record<string, number>>;

/** Enough for every picture that a list of jobs still names. */
const MOST_REMEMBERED = 1000;

const STORAGE_KEY = "lexeme.deleted-pictures";

const deletedPicturesStore = createStore(
  persist((): { paths: DeletedPictures } => ({ paths: {} }), { name: STORAGE_KEY, version: 1 }),
);

/** Takes over what another tab deletes, because this tab's next change would overwrite it. */
export function followOtherTabs(): void {
  globalThis.addEventListener("storage", ({ key }) => {
    if (key === STORAGE_KEY) void deletedPicturesStore.persist.rehydrate();
  });
}

export function useDeletedPictures(): DeletedPictures {
  return useStore(deletedPicturesStore, (state) => state.paths);
}

/** Notes that the picture at `path` is gone, or back again. */
export function markDeleted(path: string, deleted: boolean): void {
  const { [path]: _before, ...others } = deletedPicturesStore.getState().paths;
  const kept = Object.entries(others).slice(-MOST_REMEMBERED + 1);
  deletedPicturesStore.setState({ paths: Object.fromEntries(deleted ? [...kept, [path, Date.now()]] : kept) });
}

/** Whether the picture at `path`, asked for at `madeAt`, was deleted since: the same seed draws to the same name again. */
export function isDeleted(deleted: DeletedPictures, path: string, madeAt: number): boolean {
  return (deleted[path] ?? 0) > madeAt;
}
