/** @file An embedding as a picture to send around: captioned, with the vectors inside, for Lexeme and A1111 alike. */
import { Button, Modal } from "@mantine/core";
import type { Embedding } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import { routeUrl, thumbnailUrl } from "../../../api/client.ts";
import { useRoute } from "../../../api/queries.ts";
import { PictureTile } from "../../../parts/pictures/picture-tile.tsx";
import styles from "./share-dialog.module.css";

/** Most pictures that are offered. */
const OFFERED = 24;

export function ShareDialog(props: { embedding: Embedding; opened: boolean; onClose: () => void }): ReactNode {
  const { embedding, opened, onClose } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={`Share “${embedding.name}” as a picture`} size="lg">
      {opened ? <ShareForm embedding={embedding} /> : null}
    </Modal>
  );
}

function ShareForm({ embedding }: { embedding: Embedding }): ReactNode {
  const { name, path, previewPath } = embedding;
  const runs = useRoute("getEmbeddingHistory", { params: { name } }).data?.runs.filter(({ isEarlier }) => !isEarlier);
  const drawn = useRoute("listImages", { query: { search: name, limit: OFFERED } }).data?.images ?? [];
  // Without a picture of its own, the file was trained by no run, and the previews of its name show another file.
  const trained = previewPath === null ? [] : (runs ?? []).toReversed();
  const previews = trained.flatMap((run) => run.previews.toReversed().map((preview) => preview.path));
  const pictures = [
    ...new Set([...(previewPath === null ? [] : [previewPath]), ...previews, ...drawn.map((one) => one.path)]),
  ];
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = chosen ?? pictures[0] ?? null;
  const query = { format: "png" as const, path, ...(shown === null ? {} : { picture: shown }) };
  return (
    <div className={styles["form"]}>
      <p className={styles["explain"]}>
        The picture contains the whole embedding, once in its text and once in its pixels. Put it into the embeddings
        folder of Lexeme or A1111, and “{name}” is a word there. A picture that is sent as a JPEG or made smaller loses
        the embedding.
      </p>
      {pictures.length === 0 ? (
        <p className={styles["explain"]}>
          No picture was drawn with this embedding yet, so the shared picture will be a plain card.
        </p>
      ) : (
        <div className={styles["pictures"]} role="group" aria-label="Picture to share">
          {pictures.slice(0, OFFERED).map((picture, i) => (
            <div key={picture} className={styles["picture"]} data-chosen={picture === shown}>
              <PictureTile
                src={thumbnailUrl(picture, 192)}
                alt={`Picture ${i + 1}`}
                onClick={() => setChosen(picture)}
              />
            </div>
          ))}
        </div>
      )}
      <Button
        component="a"
        href={routeUrl("exportEmbedding", { params: { name }, query })}
        download
        className={styles["button"] ?? ""}
      >
        Download {name}.png
      </Button>
    </div>
  );
}
