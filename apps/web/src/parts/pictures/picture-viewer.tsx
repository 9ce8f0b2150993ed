/** @file Pictures over the whole screen: with arrows, zoom, and their settings below. */
import type { ReactNode } from "react";
import { Lightbox } from "yet-another-react-lightbox";
import Counter from "yet-another-react-lightbox/plugins/counter";
import Zoom from "yet-another-react-lightbox/plugins/zoom";
import "yet-another-react-lightbox/styles.css";
import "yet-another-react-lightbox/plugins/counter.css";
import { fileUrl } from "../../api/client.ts";
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
  /** Buttons for the picture shown, in the top bar. */
  renderActions?: (picture: ViewedPicture) => ReactNode;
}

/** A picture is first shown at most this many times its own size. */
const ENLARGED = 4;

/** Zooming shows a pixel of that enlarged picture as up to this many screen pixels: enough to see how an eye was drawn. */
const MAX_ZOOM_RATIO = 3;

export function PictureViewer({ pictures, index, onIndex, renderActions }: PictureViewerProps) {
  const shown = index === null ? undefined : pictures[index];
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
          shown && renderActions ? (
            <span key="actions" className={classes["actions"]}>
              {renderActions(shown)}
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
