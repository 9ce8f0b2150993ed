/** @file Takes a picture that is dropped, chosen, or picked from the gallery, and shows it. */
import { Button } from "@mantine/core";
import type { PictureInfo } from "@lexeme/protocol";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { fileUrl } from "../../api/client.ts";
import type { PictureSource } from "../../state/picture-source.ts";
import { formatBytes } from "../../ui/text/format.ts";
import { UploadIcon } from "../../ui/icons/icons.tsx";
import styles from "./picture-info.module.css";
import { RecentPictures } from "./recent-pictures.tsx";

export interface PictureInputProps {
  source: PictureSource | null;
  info: PictureInfo | null;
  onPicture: (source: PictureSource) => void;
  /** A picture is being dragged over the page. */
  over: boolean;
}

export function PictureInput({ source, info, onPicture, over }: PictureInputProps): ReactNode {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <div className={styles["drop"]} data-over={over} data-filled={source !== null}>
        {source === null || source.kind === "infotext" ? null : <ShownPicture source={source} info={info} />}
        <div className={styles["dropText"]}>
          {source === null ? <UploadIcon /> : null}
          <span>{source === null ? "Drop a picture here, or paste it with Ctrl+V" : describeSource(source, info)}</span>
          <Button variant="default" size="compact-sm" onClick={() => chooser.current?.click()}>
            {source === null ? "Choose a file" : "Another file"}
          </Button>
          <input
            ref={chooser}
            type="file"
            accept="image/*"
            hidden
            aria-label="Picture to read"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file !== undefined) onPicture({ kind: "file", file });
              event.currentTarget.value = "";
            }}
          />
        </div>
      </div>
      <RecentPictures aside={source !== null} onChoose={(path) => onPicture({ kind: "path", path })} />
    </>
  );
}

function ShownPicture({
  source,
  info,
}: {
  source: Exclude<PictureSource, { kind: "infotext" }>;
  info: PictureInfo | null;
}) {
  const url = useMemo(
    () => (source.kind === "file" ? URL.createObjectURL(source.file) : fileUrl(source.path)),
    [source],
  );
  useEffect(() => () => (source.kind === "file" ? URL.revokeObjectURL(url) : undefined), [source, url]);
  // A picture that cannot be read has no size and is not shown.
  if (info === null || info.width === 0) return null;
  return (
    <img
      className={styles["picture"]}
      src={url}
      alt={info.prompt === "" ? "The picture that was read" : info.prompt.slice(0, 200)}
      width={info.width}
      height={info.height}
    />
  );
}

function describeSource(source: PictureSource, info: PictureInfo | null): string {
  if (source.kind === "infotext") return "A pasted infotext";
  const name = source.kind === "file" ? source.file.name : source.path.split(/[\\/]/).at(-1);
  return [
    name,
    info === null ? null : `${info.width} × ${info.height}`,
    source.kind === "file" ? formatBytes(source.file.size) : null,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}
