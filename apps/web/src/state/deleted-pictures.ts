/** @file Pictures that were moved to the bin from this browser, so that no place shows them any more, also after a reload. */
import { useStore } from "zustand";
import { persist } from "zustand/middleware";
import { createStore } from "zustand/vanilla";

/** When each was deleted, by path, in milliseconds since the epoch. */
export type DeletedPictures = Readonly<Record<string, number>>;

/** Enough for every picture that a list of jobs still names, and for one deletion of as many pictures as the server takes. */
const MOST_REMEMBERED = 5000;

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

/** While the server is asked to delete a picture, a list may still have it. */
const UNDER_WAY_MS = 60_000;

/** Notes that the server is asked to delete these pictures. */
export function markDeleting(paths: readonly string[]): void {
  mark(paths, Date.now() + UNDER_WAY_MS);
}

/** Notes that these pictures are gone. */
export function markDeleted(paths: readonly string[]): void {
  mark(paths, Date.now());
}

/** Notes that these pictures are there, or back again. */
export function markPresent(paths: readonly string[]): void {
  mark(paths, null);
}

/** Takes over what a list says that was asked for at `askedAt`: a picture in it was restored since it was deleted, from wherever. */
export function followList(paths: readonly string[], askedAt: number): void {
  const deleted = deletedPicturesStore.getState().paths;
  const back = paths.filter((path) => path in deleted && !isDeleted(deleted, path, askedAt));
  if (back.length > 0) markPresent(back);
}

function mark(paths: readonly string[], at: number | null): void {
  const marked = new Set(paths);
  const others = Object.entries(deletedPicturesStore.getState().paths).filter(([path]) => !marked.has(path));
  const all = at === null ? others : [...others, ...paths.map((path) => [path, at] as const)];
  deletedPicturesStore.setState({ paths: Object.fromEntries(all.slice(-MOST_REMEMBERED)) });
}

/**
 * Whether the picture at `path` was deleted after `knownAt`: the time at which a list with it was asked for, or at which the job was made that
 * drew it, because the same seed draws to the same name again.
 */
export function isDeleted(deleted: DeletedPictures, path: string, knownAt: number): boolean {
  return (deleted[path] ?? 0) > knownAt;
}
