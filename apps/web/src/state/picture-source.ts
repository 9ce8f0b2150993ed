/** @file The picture that PNG Info reads: dropped, chosen or pasted in any tab. A picture of the server's folders is in the address instead. */
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";

/** A picture of the server's by its path, one of this computer's, or an infotext without a picture. */
export type PictureSource =
  | { kind: "path"; path: string }
  | { kind: "file"; file: File }
  | { kind: "infotext"; infotext: string };

const sourceStore: StoreApi<{ source: PictureSource | null }> = createStore(() => ({ source: null }));

export function usePictureSource(): PictureSource | null {
  return useStore(sourceStore, ({ source }) => source);
}

/** Keeps what PNG Info is to read, and gives the address that shows it. */
export function openInPictureInfo(source: PictureSource): string {
  sourceStore.setState({ source: source.kind === "path" ? null : source });
  return source.kind === "path" ? `/png-info?path=${encodeURIComponent(source.path)}` : "/png-info";
}
