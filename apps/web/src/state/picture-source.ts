/** @file The picture that PNG Info reads: dropped, chosen or pasted in any tab. For a picture in the server's folders the address has the path instead. */
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";

/** A picture of the server by its path, a file of this computer, or an infotext without a picture. */
export type PictureSource =
  | { kind: "path"; path: string }
  | { kind: "file"; file: File }
  | { kind: "infotext"; infotext: string };

const sourceStore: StoreApi<{ source: PictureSource | null }> = createStore(() => ({ source: null }));

export function usePictureSource(): PictureSource | null {
  return useStore(sourceStore, ({ source }) => source);
}

/** Keeps the picture that PNG Info is to read, and gives the address that shows it. */
export function openInPictureInfo(source: PictureSource): string {
  sourceStore.setState({ source: source.kind === "path" ? null : source });
  return source.kind === "path" ? `/png-info?path=${encodeURIComponent(source.path)}` : "/png-info";
}
