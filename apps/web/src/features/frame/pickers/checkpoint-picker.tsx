/** @file The checkpoint, chosen at the top left as in A1111: searched, grouped by folder, with all known facts about each. */
import { Badge, Button, Combobox, Loader, useCombobox } from "@mantine/core";
import { PHASE_TEXTS } from "@lexeme/domain/jobs";
import type { Checkpoint } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useCheckpoints, useSystem } from "../../../api/queries.ts";
import { useRunningJob, useJobProgress } from "../../../state/jobs.ts";
import { formatBytes } from "../../../ui/text/format.ts";
import { ChevronDownIcon } from "../../../ui/icons/icons.tsx";
import { useChooseCheckpoint } from "../../../parts/checkpoints/choose-checkpoint.ts";
import { FAMILY_NAMES } from "../../../parts/checkpoints/family-names.ts";
import { CheckpointDetails } from "./checkpoint-details.tsx";
import { displayName, groupCheckpoints } from "./checkpoint-list.ts";
import styles from "./checkpoint-picker.module.css";
import { VaeSelect } from "./vae-picker.tsx";

export function CheckpointPicker(): ReactNode {
  const system = useSystem().data;
  const list = useCheckpoints();
  const choose = useChooseCheckpoint();
  const [search, setSearch] = useState("");
  const [looked, setLooked] = useState<string | null>(null);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch("");
      setLooked(null);
    },
    onDropdownOpen: () => {
      combobox.focusSearchInput();
      combobox.updateSelectedOptionIndex("active", { scrollIntoView: true });
    },
  });
  const loading = useLoadingCheckpoint();
  const all = list.data ?? [];
  const groups = groupCheckpoints(all, search);
  const chosen = all.find((one) => one.name === system?.checkpoint);
  const shown = all.find((one) => one.name === looked) ?? chosen ?? all[0];
  const name = chosen === undefined ? (list.isPending ? "…" : "No checkpoint") : displayName(chosen);

  /** Shows the details of the option that the arrow keys reached; only the combobox knows it. */
  function followKeys(): void {
    const index = combobox.getSelectedOptionIndex();
    setLooked(groups.flatMap(({ checkpoints }) => checkpoints)[index]?.name ?? null);
  }

  return (
    <Combobox
      store={combobox}
      position="bottom-start"
      width="max-content"
      shadow="md"
      onOptionSubmit={(picked) => {
        if (picked !== chosen?.name) choose.mutate(picked);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target targetType="button">
        <Button
          variant="default"
          className={styles["target"] ?? ""}
          aria-label={`Stable Diffusion checkpoint: ${name}`}
          title={loading ?? chosen?.name}
          rightSection={choose.isPending || loading !== null ? <Loader size={16} /> : <ChevronDownIcon />}
          onClick={() => combobox.toggleDropdown()}
        >
          {/* The name stays while the checkpoint loads: another text would push the tabs aside at the start of every job. */}
          <span className="lx-clip">{name}</span>
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown className={styles["dropdown"] ?? ""}>
        <div className={styles["columns"]}>
          <div className={styles["choice"]}>
            <Combobox.Search
              value={search}
              onChange={(event) => {
                setSearch(event.currentTarget.value);
                combobox.updateSelectedOptionIndex();
              }}
              onKeyUp={followKeys}
              aria-label="Search checkpoints"
              placeholder={`Search ${all.length === 1 ? "1 checkpoint" : `${all.length} checkpoints`}`}
            />
            <Combobox.Options className={styles["list"] ?? ""} aria-label="Stable Diffusion checkpoint">
              {groups.length === 0 ? <Combobox.Empty>No checkpoint is called “{search}”</Combobox.Empty> : null}
              {groups.map(({ title, checkpoints }) => (
                <Group key={title} title={title}>
                  {checkpoints.map((one) => (
                    <Combobox.Option
                      key={one.name}
                      value={one.name}
                      className={styles["item"] ?? ""}
                      disabled={one.unsupportedReason !== null}
                      active={one.name === chosen?.name}
                      aria-current={one.name === chosen?.name}
                      onMouseEnter={() => setLooked(one.name)}
                    >
                      <CheckpointRow checkpoint={one} chosen={one.name === chosen?.name} />
                    </Combobox.Option>
                  ))}
                </Group>
              ))}
            </Combobox.Options>
            <Footer onLeave={() => combobox.closeDropdown()} />
          </div>
          {shown === undefined ? null : <CheckpointDetails checkpoint={shown} />}
        </div>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return title === "" ? children : <Combobox.Group label={title}>{children}</Combobox.Group>;
}

function Footer({ onLeave }: { onLeave: () => void }): ReactNode {
  const [, navigate] = useLocation();
  return (
    <div className={styles["footer"]}>
      <div className={styles["narrowVae"]}>
        <VaeSelect />
      </div>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => {
          onLeave();
          navigate("/welcome");
        }}
      >
        Use a checkpoint of my own…
      </Button>
    </div>
  );
}

function CheckpointRow({ checkpoint, chosen }: { checkpoint: Checkpoint; chosen: boolean }): ReactNode {
  const facts = [FAMILY_NAMES[checkpoint.family], formatBytes(checkpoint.sizeBytes), checkpoint.precision];
  if (checkpoint.shortHash !== null) facts.push(checkpoint.shortHash);
  return (
    <div className={styles["row"]} data-usable={checkpoint.unsupportedReason === null}>
      <span className={styles["name"]} data-chosen={chosen}>
        {displayName(checkpoint)}
        {checkpoint.isDemo ? (
          <Badge size="xs" variant="default" tt="none">
            demo
          </Badge>
        ) : null}
      </span>
      <span className={styles["rowFacts"]}>{facts.join(" · ")}</span>
      {checkpoint.unsupportedReason === null ? null : (
        <span className={styles["reason"]}>{checkpoint.unsupportedReason}</span>
      )}
    </div>
  );
}

/** The text to show while a job loads its checkpoint, which takes long for a big one; null otherwise. */
function useLoadingCheckpoint(): string | null {
  const phase = useJobProgress(useRunningJob()?.id ?? null)?.phase;
  return phase === "loading-checkpoint" ? `${PHASE_TEXTS[phase]}…` : null;
}
