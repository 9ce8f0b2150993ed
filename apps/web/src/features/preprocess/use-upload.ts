/** @file Pictures from this computer: dropped anywhere on the page or picked, sent with progress into a new folder or that of an earlier upload. */
import { useCallback, useEffect, useRef, useState } from "react";
import { uploadPictures } from "../../api/client.ts";
import { refresh } from "../../api/queries.ts";
import { useDroppedFiles } from "../../parts/files/use-dropped-files.ts";
import { showError, showNote } from "../../ui/feedback/toast.ts";

export interface UploadState {
  /** Part sent, 0 to 1; null while nothing is being sent. */
  part: number | null;
  count: number;
  /** Files are being dragged over the page. */
  hovering: boolean;
  /** The folder of the last upload, and its files that were refused. */
  folder: string | null;
  refused: { file: string; reason: string }[];
  pick: () => void;
}

export interface UploadPlace {
  /** The present source folder. */
  source: string;
  /** The upload that files are added to; null for a new one. */
  into: string | null;
}

/** `onDone` gets the folder, unless another source was chosen meanwhile: that choice stays, and a line says where the pictures are. */
export function useUpload({ source, into }: UploadPlace, onDone: (folder: string) => void): UploadState {
  const [part, setPart] = useState<number | null>(null);
  const [count, setCount] = useState(0);
  const [last, setLast] = useState<Pick<UploadState, "folder" | "refused">>({ folder: null, refused: [] });
  /** Files that were dropped or picked while others are being sent; null while none are. */
  const waiting = useRef<File[] | null>(null);

  function send(files: File[]): void {
    if (files.length === 0) return;
    if (waiting.current !== null) waiting.current.push(...files);
    else void sendAll(files);
  }

  const latestSource = useRef(source);
  useEffect(() => {
    latestSource.current = source;
  });

  /** Sends the files, then those that came meanwhile, into one folder. */
  async function sendAll(first: File[]): Promise<void> {
    let folder = into;
    const begun = source;
    let refused: UploadState["refused"] = [];
    setLast({ folder: null, refused });
    for (let files = first; files.length > 0; files = waiting.current ?? []) {
      waiting.current = [];
      setCount(files.length);
      setPart(0);
      try {
        const upload = await uploadPictures(files, { into: folder, onProgress: setPart });
        folder = upload.path;
        refused = [...refused, ...upload.refused];
        setLast({ folder, refused });
        void refresh("listFolder", "getDataset", "planPreprocess");
        if ([begun, folder].includes(latestSource.current)) onDone(folder);
        else showNote(`Uploaded to "${folder}": choose it as the source directory to use these pictures`);
      } catch (error) {
        showError(error);
      }
    }
    waiting.current = null;
    setPart(null);
  }

  const latestSend = useRef(send);
  useEffect(() => {
    latestSend.current = send;
  });
  // The same function at every drawing, so that the upload's progress does not draw the settings column again.
  const pick = useCallback((): void => {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.accept = "image/*,.txt";
    input.addEventListener("change", () => latestSend.current([...(input.files ?? [])]));
    input.click();
  }, []);

  const hovering = useDroppedFiles(send);
  return { part, count, hovering, ...last, pick };
}
