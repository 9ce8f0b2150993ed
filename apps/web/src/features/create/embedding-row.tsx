/** @file One embedding of the list. */
import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import type { Embedding } from "@lexeme/protocol";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { call, routeUrl, thumbnailUrl } from "../../api/client.ts";
import { refresh } from "../../api/queries.ts";
import { trainForm, txt2imgForm } from "../../state/forms.ts";
import { setSession } from "../../state/session.ts";
import { formatCount, formatDate, formatPlural, formatWhen } from "../../ui/format.ts";
import { MoreIcon, WordIcon } from "../../ui/icons.tsx";
import { PictureTile } from "../../ui/picture-tile.tsx";
import { showError, showUndo } from "../../ui/toast.ts";
import styles from "./embedding-list.module.css";

export function EmbeddingRow(props: { embedding: Embedding; highlighted: boolean; onRename: () => void }): ReactNode {
  const { embedding, highlighted, onRename } = props;
  const { name, misfitReason } = embedding;
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
        <span className={styles["name"]}>{name}</span>
        <span className={styles["facts"]}>
          <span>
            {formatPlural(embedding.vectors, "vector")} × {embedding.width}
          </span>
          <span>
            {embedding.step === null || embedding.step === 0 ? "not trained" : `${formatCount(embedding.step)} steps`}
          </span>
          {embedding.checkpointName === null ? null : <span>{embedding.checkpointName}</span>}
          <Tooltip label={formatDate(embedding.modifiedAt)}>
            <span>{formatWhen(embedding.modifiedAt)}</span>
          </Tooltip>
          <span>.{embedding.format}</span>
        </span>
        {fits ? null : <span className={styles["reason"]}>{misfitReason}</span>}
      </div>
      <RowActions embedding={embedding} onRename={onRename} />
    </li>
  );
}

function RowActions({ embedding, onRename }: { embedding: Embedding; onRename: () => void }): ReactNode {
  const { name } = embedding;
  const [, navigate] = useLocation();
  const remove = useMutation({
    mutationFn: () => call("deleteEmbedding", { params: { name }, query: { path: embedding.path } }),
    onSuccess: ({ undoToken }) => {
      void refresh("listEmbeddings");
      showUndo(`Deleted “${name}”`, () => {
        call("undoDelete", { body: { undoToken } }).then(() => refresh("listEmbeddings"), showError);
      });
    },
    onError: showError,
  });

  function train(): void {
    setSession({ embedding: name });
    trainForm.patch({ embeddingName: name });
    navigate("/train");
  }

  function draw(): void {
    const { prompt } = txt2imgForm.read().values;
    if (!prompt.includes(name))
      txt2imgForm.patch({ prompt: prompt.trim() === "" ? `a photo of ${name}` : `${prompt.trimEnd()} ${name}` });
    navigate("/txt2img");
  }

  const download = (format: "pt" | "safetensors" | "png"): ReactNode => (
    <Menu.Item
      component="a"
      href={routeUrl("exportEmbedding", { params: { name }, query: { format, path: embedding.path } })}
      download
    >
      Download .{format}
    </Menu.Item>
  );

  return (
    <div className={styles["actions"]}>
      {embedding.misfitReason === null ? (
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
          {embedding.misfitReason === null ? <Menu.Item onClick={draw}>Use in txt2img</Menu.Item> : null}
          <Menu.Item onClick={onRename}>Rename…</Menu.Item>
          {download("pt")}
          {download("safetensors")}
          <Menu.Divider />
          <Menu.Item c="var(--mantine-color-error)" onClick={() => remove.mutate()}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
