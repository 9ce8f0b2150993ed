/** @file A row of the bin: picture, name, kind, reason, size, place, and its two actions. */
import { Button, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { routeUrl } from "../../api/client.ts";
import { PictureTile } from "../../parts/pictures/picture-tile.tsx";
import { BinIcon, PictureIcon, WordIcon } from "../../ui/icons/icons.tsx";
import { parentOf } from "../../ui/text/folder-path.ts";
import { formatBytes, formatDate, formatWhen } from "../../ui/text/format.ts";
import { KIND_TEXTS, nameOf, reasonOf, type BinEntry } from "./bin-entries.ts";
import styles from "./bin.module.css";

export function BinRow(props: {
  entry: BinEntry;
  isBusy: boolean;
  onRestore: () => void;
  onDelete: () => void;
}): ReactNode {
  const { entry, isBusy, onRestore, onDelete } = props;
  const { id, kind, at, sizeBytes, files, isPlaceKnown } = entry;
  const name = nameOf(entry);
  const place = parentOf(files[0]?.from ?? "");
  return (
    <li className={styles["row"]} aria-label={name}>
      <Preview entry={entry} key={id} />
      <div className={styles["what"]}>
        <span className={styles["name"]}>{name}</span>
        <span className={styles["facts"]}>
          <span>{KIND_TEXTS[kind]}</span>
          <Tooltip label={formatDate(at)}>
            <span>{`${reasonOf(entry)} ${formatWhen(at)}`}</span>
          </Tooltip>
          <span>{formatBytes(sizeBytes)}</span>
        </span>
        <span className={styles["place"]}>
          {isPlaceKnown ? `From ${place}` : `An earlier version did not note its place; it is restored to ${place}`}
        </span>
      </div>
      <div className={styles["actions"]}>
        <Button variant="default" size="compact-sm" loading={isBusy} onClick={onRestore} aria-label={`Restore ${name}`}>
          Restore
        </Button>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          disabled={isBusy}
          onClick={onDelete}
          aria-label={`Delete ${name} for good`}
        >
          Delete for good…
        </Button>
      </div>
    </li>
  );
}

function Preview({ entry: { id, kind, hasPicture } }: { entry: BinEntry }): ReactNode {
  if (hasPicture) {
    return (
      <div className={styles["preview"]}>
        <PictureTile src={routeUrl("getBinPicture", { params: { id }, query: { size: 128 } })} alt="" />
      </div>
    );
  }
  return (
    <div className={styles["sign"]}>
      {kind === "embedding" ? <WordIcon /> : kind === "picture" ? <PictureIcon /> : <BinIcon />}
    </div>
  );
}
