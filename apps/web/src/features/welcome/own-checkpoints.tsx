/** @file The checkpoints of the folder as they appear, each usable or with the reason why it is not. */
import { Button, Loader } from "@mantine/core";
import type { Checkpoint } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { useAction } from "../../api/use-action.ts";
import { call } from "../../api/client.ts";
import { refresh } from "../../api/queries.ts";
import { FAMILY_NAMES } from "../../parts/checkpoints/family-names.ts";
import { formatBytes } from "../../ui/text/format.ts";
import { showError } from "../../ui/feedback/toast.ts";
import styles from "./welcome-page.module.css";

export function OwnCheckpoints({
  checkpoints,
  chosen,
}: {
  checkpoints: Checkpoint[];
  chosen: string | null;
}): ReactNode {
  const [, navigate] = useLocation();
  const use = useAction({
    mutationFn: (name: string) => call("chooseCheckpoint", { body: { name } }),
    onSuccess: async () => {
      await refresh("getSystem", "listEmbeddings");
      navigate("/create");
    },
    onError: showError,
  });
  if (checkpoints.length === 0) {
    return (
      <p className={styles["watching"]} role="status">
        <Loader size={14} type="dots" aria-hidden /> Waiting for a file
      </p>
    );
  }
  return (
    <ul className={styles["own"]} aria-label="Checkpoints in the folder">
      {checkpoints.map((one) => (
        <li key={one.name}>
          <div className={styles["ownText"]}>
            <span className={styles["ownName"]}>{one.name}</span>
            <span className={styles["ownFacts"]}>
              {FAMILY_NAMES[one.family]} · {formatBytes(one.sizeBytes)}
            </span>
            {one.unsupportedReason === null ? null : (
              <span className={styles["reason"]}>Not supported: {one.unsupportedReason}</span>
            )}
          </div>
          {one.unsupportedReason === null ? (
            <Button
              variant="default"
              size="compact-sm"
              loading={use.isPending && use.variables === one.name}
              onClick={() => use.mutate(one.name)}
              aria-label={`Use ${one.name}`}
            >
              {one.name === chosen ? "Go on" : "Use"}
            </Button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
