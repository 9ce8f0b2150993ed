/** @file Beside a folder that may not be used: the folders that may be, and the ways to use this one all the same. */
import { Anchor, Button, Group, Modal, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useAction } from "../../api/use-action.ts";
import { call } from "../../api/client.ts";
import { refresh, useRoute, useSystem } from "../../api/queries.ts";
import { messageOf } from "../../ui/feedback/message-of.ts";
import { Notice } from "../../ui/feedback/notice.tsx";
import styles from "./folder-picker.module.css";

export interface OutsideNoticeProps {
  /** The folder is refused. The question stays open while the folder is looked up again. */
  isShown: boolean;
  /** Only folders that may be written to are of use, and the permission, which is for reading, is not. */
  forWriting: boolean;
  /** Opens the folder dialog at one of the folders that may be used. */
  onBrowse: (root: string) => void;
  /** Uploads pictures in place of reading a folder; left out where nothing can be uploaded. */
  onUpload?: (() => void) | undefined;
}

export function OutsideNotice({ isShown, forWriting, onBrowse, onUpload }: OutsideNoticeProps): ReactNode {
  const [asking, setAsking] = useState(false);
  const all = useRoute("listFolder", isShown ? { query: {} } : null).data?.roots ?? [];
  const roots = all.filter(({ writable }) => writable || !forWriting);
  const canBeAllowed = useSystem().data?.folderAccess === "closed" && !forWriting;
  if (!isShown && !asking) return null;
  return (
    <div className={styles["outside"]}>
      <Text size="xs" c="dimmed">
        Folders that may be used:{" "}
        {roots.map(({ name, path }, i) => (
          <span key={path}>
            {i === 0 ? "" : ", "}
            <Anchor component="button" type="button" size="xs" title={path} onClick={() => onBrowse(path)}>
              {name}
            </Anchor>
          </span>
        ))}
      </Text>
      <Group gap="xs">
        {onUpload === undefined ? null : (
          <Button variant="default" size="compact-xs" onClick={onUpload}>
            Upload instead
          </Button>
        )}
        {canBeAllowed ? (
          <Button variant="default" size="compact-xs" onClick={() => setAsking(true)}>
            Allow any folder…
          </Button>
        ) : null}
      </Group>
      <Modal opened={asking} onClose={() => setAsking(false)} title="Let Lexeme read any folder of this computer?">
        <Confirmation onClose={() => setAsking(false)} />
      </Modal>
    </div>
  );
}

function Confirmation({ onClose }: { onClose: () => void }): ReactNode {
  const allow = useAction({
    mutationFn: () => call("setFolderAccess", { body: { anyFolder: true } }),
    onSuccess: async () => {
      onClose();
      await refresh("getSystem", "listFolder", "getDataset", "planPreprocess");
    },
  });
  return (
    <>
      <Text size="sm">
        Pictures and captions of every folder that you can read yourself can then be used. They are only read: results
        are written into Lexeme&rsquo;s own folders as before. The permission holds as long as only this computer can
        reach the page, and ends with the first request from elsewhere.
      </Text>
      {allow.isError ? <Notice tone="failure">{messageOf(allow.error)}</Notice> : null}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={allow.isPending} onClick={() => allow.mutate()}>
          Allow any folder
        </Button>
      </Group>
    </>
  );
}
