/** @file Pictures that are dragged or pasted: files from outside, or pictures of this page by their path. */
import type { DragEvent } from "react";
import { useRef, useState } from "react";
import { ROUTES } from "@lexeme/protocol";
import type { PictureSource } from "../../state/picture-source.ts";

const PATH_TYPE = "application/x-lexeme-picture";

/** Makes an element's drag carry the picture at `path`. */
export function startPictureDrag(event: DragEvent, path: string): void {
  event.dataTransfer.setData(PATH_TYPE, path);
  event.dataTransfer.effectAllowed = "copy";
}

/** The one picture of a drop or a paste; null when there is none. */
export function pictureFrom(data: DataTransfer): PictureSource | null {
  const path = data.getData(PATH_TYPE) || pathOfAddress(data.getData("text/uri-list"));
  if (path !== "") return { kind: "path", path };
  // A file of another type is taken too; its reading then says that it is no picture.
  const file = [...data.files].find(({ type }) => type.startsWith("image/")) ?? data.files[0];
  return file === undefined ? null : { kind: "file", file };
}

/** The path behind an address of this page's own pictures; a browser drags pictures by address. */
function pathOfAddress(address: string): string {
  try {
    const { origin, pathname, searchParams } = new URL(address.split("\n")[0] ?? "");
    const isOurs: boolean =
      origin === location.origin && [ROUTES.getFile.path, ROUTES.getThumbnail.path].some((one) => one === pathname);
    return isOurs ? (searchParams.get("path") ?? "") : "";
  } catch {
    return "";
  }
}

/**
 * Handlers that make an element take pictures; `over` is true while a picture is above the element. A picture that is dragged from the same
 * section of the element is not taken: a press that slips by a few pixels would be a drop.
 */
export function usePictureDrop(onPicture: (source: PictureSource) => void) {
  const [over, setOver] = useState(false);
  const origin = useRef<Element | null>(null);
  const takes = (event: DragEvent): boolean => {
    const { types } = event.dataTransfer;
    if (event.target instanceof Node && origin.current?.contains(event.target) === true) return false;
    return types.includes(PATH_TYPE) || types.includes("Files");
  };
  return {
    over,
    handlers: {
      onDragStart: ({ target, currentTarget }: DragEvent) => {
        origin.current = (target instanceof Element && target.closest("section")) || currentTarget;
      },
      onDragEnd: () => {
        origin.current = null;
      },
      onDragOver: (event: DragEvent) => {
        if (!takes(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        setOver(true);
      },
      onDragLeave: (event: DragEvent) => {
        const { currentTarget, relatedTarget } = event;
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        setOver(false);
        const source = takes(event) ? pictureFrom(event.dataTransfer) : null;
        if (source === null) return;
        event.preventDefault();
        event.stopPropagation();
        onPicture(source);
      },
    },
  };
}
