/** @file The actions for a finished picture. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { fileUrl } from "../../../api/client.ts";
import { deletePicture } from "../../../parts/pictures/delete-picture.ts";
import { fileNameOf } from "../../../parts/pictures/save-picture.ts";
import { useInfotextLibrary } from "../../../parts/infotext/infotext-library.ts";
import { showUndo } from "../../../ui/feedback/toast.ts";
import { reuseAsPreview, reuseInTxt2img } from "../../../parts/infotext/reuse-settings.ts";

export interface PictureActionsProps {
  path: string;
  infotext: string | undefined;
  onDeleted: () => void;
}

export function PictureActions({ path, infotext, onDeleted }: PictureActionsProps): ReactNode {
  const library = useInfotextLibrary();
  const look = { size: "compact-sm", variant: "default" } as const;
  return (
    <>
      {infotext !== undefined && (
        <>
          <Button
            {...look}
            onClick={() => {
              const { undo } = reuseInTxt2img(infotext, { library });
              showUndo("The form now holds this picture's settings", undo);
            }}
          >
            Use these settings again
          </Button>
          <Button
            {...look}
            onClick={() => {
              const { refused, undo } = reuseAsPreview(infotext);
              showUndo(
                refused.length === 0
                  ? "Trainings will now draw previews with this prompt and these settings"
                  : `Trainings will draw previews with this prompt, but cannot start yet. ${refused.join(". ")}. Choose other values in Train, under Previews`,
                undo,
              );
            }}
          >
            Use as preview prompt
          </Button>
        </>
      )}
      <Button {...look} component="a" href={fileUrl(path)} download={fileNameOf(path)}>
        Save
      </Button>
      <Button
        {...look}
        onClick={() => {
          onDeleted();
          void deletePicture(path);
        }}
      >
        Delete
      </Button>
    </>
  );
}
