/** @file A dialog that walks the server's folders, inside the roots it allows. */
import { Button, Loader, Modal, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { call } from "../../api/client.ts";
import { refresh, useRoute, useSystem } from "../../api/queries.ts";
import { showError } from "../../ui/feedback/toast.ts";
import { joinPath } from "../../ui/text/folder-path.ts";
import styles from "./folder-picker.module.css";
import { formatPlural } from "../../ui/text/format.ts";
import { FolderIcon, UpIcon } from "../../ui/icons/icons.tsx";
import { Notice } from "../../ui/feedback/notice.tsx";

interface FolderPickerProps {
  opened: boolean;
  title: string;
  /** The folder to show first; empty for the roots. */
  start: string;
  /** Folders to be written to: read-only roots are left out, and a name for a new folder can be typed. */
  forWriting?: boolean;
  onChoose: (path: string) => void;
  onClose: () => void;
}

export function FolderPicker(props: FolderPickerProps): ReactNode {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} size="lg">
      {/* Mounted while open only: every opening begins at the field's present value. */}
      {props.opened ? <FolderWalk {...props} /> : null}
    </Modal>
  );
}

function FolderWalk({ start, forWriting = false, onChoose, onClose }: FolderPickerProps): ReactNode {
  const [path, setPath] = useState<string | null>(start === "" ? null : start);
  const [newName, setNewName] = useState("");
  const folder = useRoute("listFolder", { query: path === null ? {} : { path } });
  const roots = (folder.data?.roots ?? []).filter((root) => !forWriting || root.writable);
  const atRoots = path === null;
  const target = path === null ? null : newName.trim() === "" ? path : joinPath(path, newName.trim());

  function choose(event?: FormEvent): void {
    event?.preventDefault();
    if (target === null) return;
    onChoose(target);
    onClose();
  }

  return (
    <form onSubmit={choose} className={styles["picker"]}>
      <div className={styles["where"]}>
        <Button
          variant="default"
          size="compact-sm"
          disabled={atRoots}
          leftSection={<UpIcon />}
          onClick={() => setPath(folder.data?.parent ?? null)}
        >
          Up
        </Button>
        <code className={styles["path"]}>{path ?? "Folders of this server"}</code>
      </div>
      {folder.isError ? (
        <Notice
          tone="failure"
          action={
            <Button variant="default" size="compact-sm" onClick={() => setPath(null)}>
              Back to the roots
            </Button>
          }
        >
          {folder.error.message}
        </Notice>
      ) : null}
      <ul className={styles["list"]} aria-label="Folders">
        {folder.isPending ? (
          <li className={styles["none"]}>
            <Loader size="xs" role="status" aria-label="Loading" />
          </li>
        ) : null}
        {atRoots
          ? roots.map((root) => (
              <FolderRow key={root.path} name={root.name} detail={root.path} onOpen={() => setPath(root.path)} />
            ))
          : (folder.data?.folders ?? []).map((one) => (
              <FolderRow
                key={one.path}
                name={one.name}
                detail={one.pictures === 0 ? "" : formatPlural(one.pictures, "picture")}
                onOpen={() => setPath(one.path)}
              />
            ))}
        {!atRoots && folder.data?.folders.length === 0 ? (
          <li className={styles["none"]}>No folders in this folder</li>
        ) : null}
      </ul>
      {forWriting && !atRoots ? (
        <TextInput
          label="New folder in this folder"
          description="Leave empty to use this folder itself"
          value={newName}
          onChange={(event) => setNewName(event.currentTarget.value)}
        />
      ) : null}
      {atRoots ? <GivenAccess /> : null}
      <div className={styles["foot"]}>
        <span>
          {atRoots || folder.data === undefined
            ? ""
            : `${formatPlural(folder.data.pictures, "picture")} in this folder`}
        </span>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={target === null || folder.isError}>
          Choose this folder
        </Button>
      </div>
    </form>
  );
}

/** The permission to read any folder, while it is given, with the way to withdraw it. */
function GivenAccess(): ReactNode {
  const isOpen = useSystem().data?.folderAccess === "open";
  if (!isOpen) return null;
  function withdraw(): void {
    call("setFolderAccess", { body: { anyFolder: false } }).then(
      () => refresh("getSystem", "listFolder", "getDataset", "planPreprocess"),
      showError,
    );
  }
  return (
    <Notice
      action={
        <Button variant="default" size="compact-sm" onClick={withdraw}>
          Withdraw
        </Button>
      }
    >
      Any folder of this computer may be read.
    </Notice>
  );
}

function FolderRow({ name, detail, onOpen }: { name: string; detail: string; onOpen: () => void }): ReactNode {
  return (
    <li>
      <button type="button" className={styles["folder"]} onClick={onOpen}>
        <FolderIcon />
        <span className={styles["name"]}>{name}</span>
        <span className={styles["detail"]}>{detail}</span>
      </button>
    </li>
  );
}
