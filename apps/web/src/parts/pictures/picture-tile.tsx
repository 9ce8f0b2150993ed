/** @file A picture in a box whose size is known before the picture arrives. */
import { useState, type MouseEvent, type ReactNode } from "react";
import { startPictureDrag } from "./picture-transfer.ts";
import styles from "./picture-tile.module.css";

export function PictureTile(props: {
  src: string;
  alt: string;
  /** Width over height of the box; 1 by default. */
  aspect?: number;
  fit?: "cover" | "contain";
  onClick?: (event: MouseEvent) => void;
  /** Path of the picture; with it the picture can be dragged. */
  dragPath?: string;
  children?: ReactNode;
}): ReactNode {
  const { src, alt, aspect = 1, fit = "cover", onClick, dragPath, children } = props;
  const [failedSrc, setFailedSrc] = useState<string | null>(null);
  const picture =
    failedSrc === src ? (
      <span className={styles["missing"]}>Picture cannot be shown</span>
    ) : (
      <img
        src={src}
        alt={alt}
        loading="lazy"
        decoding="async"
        style={{ objectFit: fit }}
        onError={() => setFailedSrc(src)}
      />
    );
  const style = { aspectRatio: String(aspect) };
  if (onClick !== undefined) {
    return (
      <button
        type="button"
        className={styles["tile"]}
        style={style}
        onClick={onClick}
        aria-label={alt}
        {...(dragPath === undefined
          ? {}
          : { draggable: true, onDragStart: (event) => startPictureDrag(event, dragPath) })}
      >
        {picture}
        {children}
      </button>
    );
  }
  return (
    <div className={styles["tile"]} style={style}>
      {picture}
      {children}
    </div>
  );
}
