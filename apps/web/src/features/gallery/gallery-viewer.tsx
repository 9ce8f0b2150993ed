/** @file The viewer over the gallery's pictures, with the ways that lead from a picture to other tabs. */
import { Button } from "@mantine/core";
import type { GalleryImage } from "@lexeme/protocol";
import { useMemo, type ReactNode } from "react";
import { useInfotextLibrary } from "../../parts/infotext/infotext-library.ts";
import { reuseInTxt2img } from "../../parts/infotext/reuse-settings.ts";
import { deletePicture } from "../../parts/pictures/delete-picture.ts";
import { PictureViewer, type ViewedPicture } from "../../parts/pictures/picture-viewer.tsx";
import { openInPictureInfo } from "../../state/picture-source.ts";
import { showUndo } from "../../ui/feedback/toast.ts";
import { promptOf } from "./gallery-rows.ts";

export interface GalleryViewerProps {
  images: readonly GalleryImage[];
  /** Path of the picture shown; null while the viewer is closed. */
  path: string | null;
  onPath: (path: string | null) => void;
  /** The last pictures are about to be shown. */
  onNearEnd: () => void;
  /** Goes to the tab at the address. */
  onLeave: (address: string) => void;
}

const CLOSED: ViewedPicture[] = [];

export function GalleryViewer({ images, path, onPath, onNearEnd, onLeave }: GalleryViewerProps): ReactNode {
  const isOpen = path !== null;
  // There may be thousands, which the closed viewer does not need.
  const pictures = useMemo(() => (isOpen ? images.map(viewedPicture) : CLOSED), [images, isOpen]);
  const index = pictures.findIndex((picture) => picture.path === path);

  function view(next: number | null): void {
    onPath(next === null ? null : (images[next]?.path ?? null));
    if (next !== null && next > images.length - 4) onNearEnd();
  }

  function remove(removed: string): void {
    onPath(images[index + 1]?.path ?? images[index - 1]?.path ?? null);
    void deletePicture(removed);
  }

  return (
    <PictureViewer
      pictures={pictures}
      index={index < 0 ? null : index}
      onIndex={view}
      onDelete={remove}
      renderActions={(picture) => <ViewerActions picture={picture} onLeave={onLeave} />}
    />
  );
}

function viewedPicture({ path, infotext, file, width, height }: GalleryImage): ViewedPicture {
  return { path, alt: promptOf(infotext) || file, width, height, text: infotext ?? undefined };
}

function ViewerActions({ picture, onLeave }: { picture: ViewedPicture } & Pick<GalleryViewerProps, "onLeave">) {
  const { text, path } = picture;
  const library = useInfotextLibrary();
  return (
    <>
      {text !== undefined && (
        <Button
          size="compact-sm"
          variant="white"
          onClick={() => {
            const { undo } = reuseInTxt2img(text, { library });
            showUndo("The form now holds this picture's settings", undo);
            onLeave("/txt2img");
          }}
        >
          Use these settings again
        </Button>
      )}
      <Button size="compact-sm" variant="white" onClick={() => onLeave(openInPictureInfo({ kind: "path", path }))}>
        PNG Info
      </Button>
    </>
  );
}
