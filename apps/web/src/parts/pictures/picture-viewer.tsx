/** @file Pictures over the whole screen: with arrows, zoom, their settings below, and keys to save and delete. */
import { Button } from "@mantine/core";
import { useEffect, useEffectEvent, useState, type ReactNode } from "react";
import { Lightbox } from "yet-another-react-lightbox";
import Counter from "yet-another-react-lightbox/plugins/counter";
import Zoom from "yet-another-react-lightbox/plugins/zoom";
import "yet-another-react-lightbox/styles.css";
import "yet-another-react-lightbox/plugins/counter.css";
import { fileUrl } from "../../api/client.ts";
import { DoublePress } from "../../api/double-press.ts";
import { useBackCloses } from "../../ui/overlays/use-back-closes.ts";
import { fileNameOf, savePicture } from "./save-picture.ts";
import classes from "./picture-viewer.module.css";

export interface ViewedPicture {
  path: string;
  /** The text for screen readers. */
  alt: string;
  width?: number | undefined;
  height?: number | undefined;
  /** Shown below the picture: its infotext, or its step. */
  text?: string | undefined;
}

export interface PictureViewerProps {
  pictures: readonly ViewedPicture[];
  /** Place of the picture shown; null while the viewer is closed. */
  index: number | null;
  onIndex: (index: number | null) => void;
  /** Moves a picture to the bin; without it there is no way to delete here. */
  onDelete?: (path: string) => void;
  /** More buttons for the picture shown, in the top bar. */
  renderActions?: (picture: ViewedPicture) => ReactNode;
}

/** A picture is first shown at most this many times its own size. */
const ENLARGED = 4;

/** Zooming shows a pixel of that enlarged picture as up to this many screen pixels: enough to see how an eye was drawn. */
const MAX_ZOOM_RATIO = 3;

export function PictureViewer({ pictures, index, onIndex, onDelete, renderActions }: PictureViewerProps) {
  const shown = index === null ? undefined : pictures[index];
  useBackCloses(shown !== undefined, () => onIndex(null));
  const remove = useOneDeletion(onDelete);
  useViewerKeys(shown, remove);
  return (
    <Lightbox
      open={shown !== undefined}
      index={index ?? 0}
      close={() => onIndex(null)}
      on={{ view: ({ index: viewed }) => onIndex(viewed) }}
      slides={pictures.map(({ path, alt, width, height }) => ({
        src: fileUrl(path),
        alt,
        // The viewer never draws a picture larger than the size given here.
        ...(width === undefined || height === undefined ? {} : { width: width * ENLARGED, height: height * ENLARGED }),
      }))}
      plugins={[Zoom, Counter]}
      carousel={{ finite: true, padding: "12px", imageFit: "contain" }}
      zoom={{ maxZoomPixelRatio: MAX_ZOOM_RATIO, scrollToZoom: true }}
      animation={{ fade: 120, swipe: 180, navigation: 120 }}
      controller={{ closeOnBackdropClick: true }}
      toolbar={{
        buttons: [
          shown ? (
            <span key="actions" className={classes["actions"]}>
              {renderActions?.(shown)}
              <Button
                size="compact-sm"
                variant="white"
                component="a"
                href={fileUrl(shown.path)}
                download={fileNameOf(shown.path)}
                aria-keyshortcuts="s"
                title="Save (S)"
              >
                Save
              </Button>
              {remove && (
                <Button
                  size="compact-sm"
                  variant="white"
                  aria-keyshortcuts="Delete"
                  title="Move to the bin (Delete)"
                  onClick={() => remove(shown.path)}
                >
                  Delete
                </Button>
              )}
            </span>
          ) : null,
          "close",
        ],
      }}
      className={classes["viewer"] ?? ""}
      render={{
        ...(pictures.length < 2 ? { buttonPrev: () => null, buttonNext: () => null } : {}),
        slideFooter: ({ slide }) => {
          const text = pictures.find(({ path }) => "src" in slide && fileUrl(path) === slide.src)?.text;
          return text ? <pre className={classes["text"]}>{text}</pre> : null;
        },
      }}
    />
  );
}

/** The same deletion, deaf to a second press right after the first: the next picture takes the place of a deleted one. */
function useOneDeletion(onDelete: ((path: string) => void) | undefined): ((path: string) => void) | undefined {
  const [presses] = useState(() => new DoublePress());
  return (
    onDelete &&
    ((path) => {
      if (presses.justBegan()) return;
      presses.begins(path);
      onDelete(path);
    })
  );
}

function useViewerKeys(shown: ViewedPicture | undefined, remove: ((path: string) => void) | undefined): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (shown === undefined || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Delete" && remove) remove(shown.path);
    else if (event.key.toLowerCase() === "s") savePicture(shown.path);
    else return;
    event.preventDefault();
  });
  const isOpen = shown !== undefined;
  useEffect(() => {
    if (!isOpen) return;
    const listener = (event: KeyboardEvent): void => onKey(event);
    globalThis.addEventListener("keydown", listener);
    return () => globalThis.removeEventListener("keydown", listener);
  }, [isOpen]);
}
