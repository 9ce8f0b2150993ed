/** @file Pictures from this computer: dropped anywhere on the page or picked, sent with progress into a new folder. */
import { useCallback, useEffect, useRef, useState } from "react";
import { uploadPictures } from "../../api/client.ts";
import { refresh } from "../../api/queries.ts";
import { showError } from "../../ui/feedback/toast.ts";

export interface UploadState {
  /** Part sent, 0 to 1; null while nothing is being sent. */
  part: number | null;
  count: number;
  /** Files are being dragged over the page. */
  hovering: boolean;
  refused: { file: string; reason: string }[];
  pick: () => void;
}

/** `onDone` gets the new folder. */
export function useUpload(onDone: (folder: string) => void): UploadState {
  const [part, setPart] = useState<number | null>(null);
  const [count, setCount] = useState(0);
  const [refused, setRefused] = useState<UploadState["refused"]>([]);

  function send(files: File[]): void {
    if (files.length === 0 || part !== null) return;
    setCount(files.length);
    setPart(0);
    setRefused([]);
    uploadPictures(files, setPart)
      .then((upload) => {
        setRefused(upload.refused);
        void refresh("listFolder");
        onDone(upload.path);
      }, showError)
      .finally(() => setPart(null));
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

  const hovering = useDrop(send);
  return { part, count, hovering, refused, pick };
}

/** Takes files dropped anywhere on the page; true while they hover over it. */
function useDrop(onFiles: (files: File[]) => void): boolean {
  const [hovering, setHovering] = useState(false);
  useEffect(() => {
    let depth = 0;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
    const handlers = {
      dragenter: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        depth += 1;
        setHovering(true);
      },
      dragover: (event: DragEvent) => {
        if (hasFiles(event)) event.preventDefault();
      },
      dragleave: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        depth -= 1;
        if (depth <= 0) setHovering(false);
      },
      drop: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth = 0;
        setHovering(false);
        onFiles([...(event.dataTransfer?.files ?? [])]);
      },
    };
    for (const [name, handler] of Object.entries(handlers)) globalThis.addEventListener(name, handler as EventListener);
    return () => {
      for (const [name, handler] of Object.entries(handlers)) {
        globalThis.removeEventListener(name, handler as EventListener);
      }
    };
  });
  return hovering;
}
