/** @file The newest pictures of the gallery, to be read with a click. */
import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { thumbnailUrl } from "../../api/client.ts";
import { useRoute } from "../../api/queries.ts";
import { isDeleted, useDeletedPictures } from "../../state/deleted-pictures.ts";
import { PictureTile } from "../../parts/pictures/picture-tile.tsx";
import { Section } from "../../ui/layout/tab-layout.tsx";
import styles from "./picture-info.module.css";

const SHOWN = 12;

export interface RecentPicturesProps {
  /** True while a picture is read: on a phone the recent pictures then make room for its settings. */
  aside: boolean;
  onChoose: (path: string) => void;
}

export function RecentPictures({ aside, onChoose }: RecentPicturesProps): ReactNode {
  const { data, dataUpdatedAt } = useRoute("listImages", { query: { limit: SHOWN } });
  const deleted = useDeletedPictures();
  const images = (data?.images ?? []).filter((image) => !isDeleted(deleted, image.path, dataUpdatedAt));
  if (images.length === 0) return null;
  return (
    <div className={styles["gallery"]} data-aside={aside}>
      <Section
        title="From the gallery"
        aside={
          <Anchor component={Link} href="/gallery" size="sm">
            All pictures
          </Anchor>
        }
      >
        <div className={styles["recent"]}>
          {images.map(({ path, file }) => (
            <PictureTile key={path} src={thumbnailUrl(path, 192)} alt={`Read ${file}`} onClick={() => onChoose(path)} />
          ))}
        </div>
      </Section>
    </div>
  );
}
