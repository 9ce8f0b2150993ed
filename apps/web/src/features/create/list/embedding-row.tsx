/** @file One embedding of the list. */
import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import { EXPORT_FORMATS, type ExportFormat } from "@lexeme/domain/libraries";
import type { Embedding } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useAction } from "../../../api/use-action.ts";
import { call, routeUrl, thumbnailUrl } from "../../../api/client.ts";
import { refresh } from "../../../api/queries.ts";
import { txt2imgForm } from "../../../state/forms.ts";
import { notebookAddress } from "../../../parts/embeddings/notebook-address.ts";
import { chooseForTraining } from "../../../state/training-choice.ts";
import { baseName } from "../../../ui/text/folder-path.ts";
import { asSentence, formatCount, formatDate, formatPlural, formatWhen } from "../../../ui/text/format.ts";
import { MoreIcon, WordIcon } from "../../../ui/icons/icons.tsx";
import { PictureTile } from "../../../parts/pictures/picture-tile.tsx";
import { showError, showUndo } from "../../../ui/feedback/toast.ts";
import styles from "./embedding-list.module.css";
import type { Naming } from "./name-dialog.tsx";

interface RowProps {
  embedding: Embedding;
  highlighted: boolean;
  /** Number of words in its file, this one included. */
  sharing: number;
  /** Asks for a new name, for the embedding or for a copy of it. */
  onName: (action: Naming["action"]) => void;
}

export function EmbeddingRow({ embedding, highlighted, sharing, onName }: RowProps): ReactNode {
  const { name, path, misfitReason, collision } = embedding;
  const fits = misfitReason === null;
  return (
    <li className={styles["row"]} data-fits={fits} data-highlighted={highlighted} aria-label={name}>
      <div className={styles["preview"]}>
        {embedding.previewPath === null ? (
          <span className={styles["noPreview"]}>
            <WordIcon />
          </span>
        ) : (
          <PictureTile src={thumbnailUrl(embedding.previewPath, 128)} alt={`Drawn with ${name}`} />
        )}
      </div>
      <div className={styles["what"]}>
        {fits ? (
          <Link href={notebookAddress({ name, path })} className={styles["name"]} title={`Notebook of ${name}`}>
            {name}
          </Link>
        ) : (
          <span className={styles["name"]}>{name}</span>
        )}
        <span className={styles["facts"]}>
          {embedding.vectors === 0 ? null : (
            <>
              <span>
                {formatPlural(embedding.vectors, "vector")} × {embedding.width}
              </span>
              <span>{embedding.step ? `${formatCount(embedding.step)} steps` : "not trained"}</span>
            </>
          )}
          {embedding.checkpointName === null && embedding.checkpointHash === null ? null : (
            <span>{[embedding.checkpointName, embedding.checkpointHash].filter((one) => one !== null).join(" ")}</span>
          )}
          <Tooltip label={formatDate(embedding.modifiedAt)}>
            <span>{formatWhen(embedding.modifiedAt)}</span>
          </Tooltip>
          <Tooltip
            label={embedding.shortHash === "" ? path : `${path}, hash ${embedding.shortHash}`}
            multiline
            maw={480}
          >
            <span>{placeOf(embedding, sharing)}</span>
          </Tooltip>
        </span>
        {collision === null ? null : (
          <span className={collision.isUsed ? styles["shadows"] : styles["reason"]}>{collisionText(collision)}</span>
        )}
        {fits ? null : <span className={styles["reason"]}>{asSentence(misfitReason)}</span>}
      </div>
      <RowActions embedding={embedding} sharing={sharing} onName={onName} />
    </li>
  );
}

/** The file's ending if its name is the word; otherwise sub-folder and file, because several files may hold words of one name. */
function placeOf({ name, path, folder, format, key }: Embedding, sharing: number): string {
  const file = baseName(path);
  const place = folder === "" ? file : `${folder}/${file}`;
  if (key !== null) return `${formatPlural(sharing, "word")} in ${place}`;
  return folder === "" && file === `${name}.${format}` ? `.${format}` : place;
}

function collisionText({ isUsed, others }: NonNullable<Embedding["collision"]>): string {
  const files = `${others.join(", ")} ${others.length === 1 ? "has" : "have"} the same name`;
  return isUsed ? `Prompts use this one; ${files}` : `Not used by prompts: ${files}`;
}

function RowActions({ embedding, sharing, onName }: Omit<RowProps, "highlighted">): ReactNode {
  const { name, path, key, format } = embedding;
  const fits = embedding.misfitReason === null;
  // If prompts do not use this file, another embedding of the same name would be trained and drawn.
  const isCalled = fits && embedding.collision?.isUsed !== false;
  const isFileOfItsOwn = key === null && format !== "png" && format !== "webp" && format !== "avif";
  const [, navigate] = useLocation();
  const remove = useAction({
    mutationFn: () => call("deleteEmbedding", { params: { name }, query: { path } }),
    onSuccess: ({ undoToken }) => {
      void refresh("listEmbeddings");
      showUndo(sharing > 1 ? `Deleted ${baseName(path)} with ${sharing} words` : `Deleted “${name}”`, () => {
        call("undoDelete", { body: { undoToken } }).then(() => refresh("listEmbeddings"), showError);
      });
    },
    onError: showError,
  });

  function train(): void {
    chooseForTraining(name);
    navigate("/train");
  }

  function draw(): void {
    const { prompt } = txt2imgForm.read().values;
    if (!prompt.includes(name))
      txt2imgForm.patch({ prompt: prompt.trim() === "" ? `a photo of ${name}` : `${prompt.trimEnd()} ${name}` });
    navigate("/txt2img");
  }

  const download = (wanted: ExportFormat): ReactNode => (
    <Menu.Item
      key={wanted}
      component="a"
      href={routeUrl("exportEmbedding", { params: { name }, query: { format: wanted, path } })}
      download
    >
      {wanted === "png" ? "Download as picture (.png)" : `Download .${wanted}`}
    </Menu.Item>
  );

  return (
    <div className={styles["actions"]}>
      {isCalled ? (
        <Button variant="default" size="compact-sm" onClick={train} aria-label={`Train ${name}`}>
          Train
        </Button>
      ) : null}
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`More for ${name}`}>
            <MoreIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isCalled ? <Menu.Item onClick={draw}>Use in txt2img</Menu.Item> : null}
          {fits ? (
            <Menu.Item component={Link} href={notebookAddress({ name, path })}>
              Notebook
            </Menu.Item>
          ) : null}
          {isFileOfItsOwn ? <Menu.Item onClick={() => onName("rename")}>Rename…</Menu.Item> : null}
          {embedding.vectors > 0 ? <Menu.Item onClick={() => onName("copy")}>Copy…</Menu.Item> : null}
          {embedding.vectors > 0 ? EXPORT_FORMATS.map(download) : null}
          <Menu.Divider />
          <Menu.Item c="var(--mantine-color-error)" onClick={() => remove.mutate()}>
            {sharing > 1 ? `Delete file with ${sharing} words` : "Delete"}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
