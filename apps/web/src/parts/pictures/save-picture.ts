/** @file Saves files of the server to this computer, as the browser's own downloads. */
import { fileUrl } from "../../api/client.ts";

/** Downloads the picture at `path` under its own name. */
export function savePicture(path: string): void {
  download(fileUrl(path), fileNameOf(path));
}

/** Downloads what an address of the server answers. */
export function download(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

/** The last part of a path of any system. */
export function fileNameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
