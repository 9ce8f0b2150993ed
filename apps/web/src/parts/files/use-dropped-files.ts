/** @file Files dropped anywhere on the page. */
import { useEffect, useState } from "react";

/** Takes files dropped anywhere on the page; true while they hover over it. */
export function useDroppedFiles(onFiles: (files: File[]) => void): boolean {
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
