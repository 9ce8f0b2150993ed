/** @file Fills txt2img's form from an infotext, or from a picture that was dropped, with an undo. */
import { useInfotextLibrary } from "../../../parts/infotext/infotext-library.ts";
import { reuseInTxt2img } from "../../../parts/infotext/reuse-settings.ts";
import { readPicture } from "../../../parts/pictures/picture-info.ts";
import type { PictureSource } from "../../../state/picture-source.ts";
import { showError, showNote, showUndo } from "../../../ui/feedback/toast.ts";

export interface ReadBack {
  /** `from`: the place of the infotext, as "that picture". */
  fill: (infotext: string, from: string) => void;
  readDropped: (source: PictureSource) => Promise<void>;
}

export function useReadBack(): ReadBack {
  const library = useInfotextLibrary();

  function fill(infotext: string, from: string): void {
    const { undo } = reuseInTxt2img(infotext, { library });
    showUndo(`The form now holds the settings of ${from}`, undo);
  }

  async function readDropped(source: PictureSource): Promise<void> {
    try {
      const info = await readPicture(source);
      if (info.kind === "infotext" && info.infotext !== null) fill(info.infotext, "that picture");
      else if (info.kind === "workflow")
        showNote(
          `${info.program ?? "Another program"} made that picture: its settings have another form, which cannot be read here`,
        );
      else showNote("That picture does not say how it was made");
    } catch (error) {
      showError(error);
    }
  }

  return { fill, readDropped };
}
