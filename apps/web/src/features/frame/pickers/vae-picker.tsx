/** @file The VAE that pictures are decoded with: chosen beside the checkpoint in the header, or in the checkpoint's list if the header is narrow. */
import { AUTOMATIC_VAE, OWN_VAE } from "@lexeme/domain/settings";
import { Button, Menu, NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { useAction } from "../../../api/use-action.ts";
import { call } from "../../../api/client.ts";
import { refresh, useSystem, useVaes } from "../../../api/queries.ts";
import { formatBytes } from "../../../ui/text/format.ts";
import { ChevronDownIcon } from "../../../ui/icons/icons.tsx";
import { showError } from "../../../ui/feedback/toast.ts";
import styles from "./vae-picker.module.css";

interface Choice {
  setting: string;
  name: string;
  facts: string;
}

export function VaePicker(): ReactNode {
  const { setting, choices, choose } = useVaeChoice();
  const chosen = choices.find((one) => one.setting === setting)?.name ?? setting;
  return (
    <Menu position="bottom-start" width={320} shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          variant="default"
          className={styles["target"] ?? ""}
          aria-label={`VAE: ${chosen}`}
          title={setting}
          rightSection={<ChevronDownIcon />}
        >
          <span className={styles["label"]}>VAE</span>
          <span className="lx-clip">{chosen}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles["list"] ?? ""}>
        <Menu.Label>VAE: decodes a drawing into a picture</Menu.Label>
        {choices.map((one) => (
          <Menu.Item key={one.setting} aria-current={one.setting === setting} onClick={() => choose(one.setting)}>
            <span className={styles["name"]} data-chosen={one.setting === setting}>
              {one.name}
            </span>
            <span className={styles["facts"]}>{one.facts}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The same choice as one field. */
export function VaeSelect(): ReactNode {
  const { setting, choices, choose } = useVaeChoice();
  return (
    <NativeSelect
      label="VAE"
      value={setting}
      data={choices.map((one) => ({ value: one.setting, label: one.name }))}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  );
}

function useVaeChoice(): { setting: string; choices: Choice[]; choose: (setting: string) => void } {
  const setting = useSystem().data?.vae ?? AUTOMATIC_VAE;
  const vaes = useVaes().data ?? [];
  const { mutate } = useAction({
    mutationFn: (vae: string) => call("chooseVae", { body: { vae } }),
    onSuccess: () => refresh("getSystem"),
    onError: showError,
  });
  const files = vaes.map(({ name, sizeBytes, shortHash }) => ({
    setting: name,
    name: name.replace(/\.(safetensors|ckpt|pt)$/i, ""),
    facts: [formatBytes(sizeBytes), ...(shortHash === null ? [] : [shortHash])].join(" · "),
  }));
  return {
    setting,
    choose: mutate,
    choices: [
      {
        setting: AUTOMATIC_VAE,
        name: AUTOMATIC_VAE,
        facts: "The VAE file named after the checkpoint, otherwise the checkpoint's own VAE",
      },
      { setting: OWN_VAE, name: OWN_VAE, facts: "The checkpoint's own VAE" },
      ...files,
    ],
  };
}
