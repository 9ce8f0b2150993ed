/** @file The checkpoint, chosen at the top left as in A1111; those that cannot be used are greyed and say why. */
import { Badge, Button, Loader, Menu, Tooltip } from "@mantine/core";
import type { Checkpoint } from "@lexeme/protocol";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { call } from "../../api/client.ts";
import { refresh, useCheckpoints, useSystem } from "../../api/queries.ts";
import { useRunningJob, useJobProgress } from "../../state/jobs.ts";
import { formatBytes } from "../../ui/format.ts";
import { ChevronDownIcon } from "../../ui/icons.tsx";
import { showError } from "../../ui/toast.ts";
import styles from "./checkpoint-picker.module.css";

export function CheckpointPicker(): ReactNode {
  const [, navigate] = useLocation();
  const system = useSystem().data;
  const list = useCheckpoints();
  const choose = useMutation({
    mutationFn: (name: string) => call("chooseCheckpoint", { body: { name } }),
    onSuccess: () => refresh("getSystem", "listEmbeddings", "listCheckpoints"),
    onError: showError,
  });
  const loading = useLoadingCheckpoint();
  const chosen = list.data?.find((one) => one.name === system?.checkpoint);
  const name = chosen === undefined ? (list.isPending ? "…" : "No checkpoint") : displayName(chosen);
  return (
    <Menu position="bottom-start" width={360} shadow="md">
      <Menu.Target>
        <Button
          variant="default"
          className={styles["target"] ?? ""}
          aria-label={`Stable Diffusion checkpoint: ${name}`}
          rightSection={choose.isPending || loading !== null ? <Loader size={14} /> : <ChevronDownIcon />}
        >
          <span className="lx-clip">{loading ?? name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles["list"] ?? ""}>
        <Menu.Label>Stable Diffusion checkpoint</Menu.Label>
        {(list.data ?? []).map((one) => (
          <Menu.Item
            key={one.name}
            className={styles["item"] ?? ""}
            disabled={one.unsupportedReason !== null}
            aria-current={one.name === chosen?.name}
            onClick={() => choose.mutate(one.name)}
          >
            <CheckpointRow checkpoint={one} chosen={one.name === chosen?.name} />
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => navigate("/welcome")}>Use a checkpoint of my own…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function CheckpointRow({ checkpoint, chosen }: { checkpoint: Checkpoint; chosen: boolean }): ReactNode {
  const facts = [checkpoint.family, formatBytes(checkpoint.sizeBytes), checkpoint.precision];
  if (checkpoint.shortHash !== null) facts.push(checkpoint.shortHash);
  return (
    <Tooltip label={checkpoint.path} openDelay={700} multiline maw={420}>
      <div className={styles["row"]} data-usable={checkpoint.unsupportedReason === null}>
        <span className={styles["name"]} data-chosen={chosen}>
          {displayName(checkpoint)}
          {checkpoint.isDemo ? (
            <Badge size="xs" variant="default" tt="none">
              demo
            </Badge>
          ) : null}
        </span>
        <span className={styles["facts"]}>{facts.join(" · ")}</span>
        {checkpoint.unsupportedReason === null ? null : (
          <span className={styles["reason"]}>{checkpoint.unsupportedReason}</span>
        )}
      </div>
    </Tooltip>
  );
}

/** The first phase of a job opens the checkpoint, which for a big one takes long enough to be said. */
function useLoadingCheckpoint(): string | null {
  const phase = useJobProgress(useRunningJob()?.id ?? null)?.phase;
  return phase?.startsWith("Loading") === true ? `${phase}…` : null;
}

function displayName(checkpoint: Checkpoint): string {
  return checkpoint.name.replace(/\.(safetensors|ckpt)$/, "");
}
