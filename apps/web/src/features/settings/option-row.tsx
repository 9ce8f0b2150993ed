/** @file One option: its label, its help, A1111's name for it, and its control. */
import { Button } from "@mantine/core";
import { useId, type ReactNode } from "react";
import { OptionControl } from "./option-control.tsx";
import { optionKind } from "./option-kind.ts";
import type { OptionEntry } from "./option-search.ts";
import styles from "./settings.module.css";
import type { OptionChanges } from "./use-options.ts";

export function OptionRow({ entry, changes }: { entry: OptionEntry; changes: OptionChanges }): ReactNode {
  const { name, label, help } = entry;
  const { state, changed, errors } = changes;
  const [labelId, helpId] = [useId(), useId()];
  const isChanged = changed.has(name);
  const imported = state.imported.includes(name);
  return (
    <div className={styles["row"]} data-kind={optionKind(entry.schema).kind} data-option={name}>
      <div className={styles["what"]}>
        <div className={styles["label"]}>
          <span id={labelId}>{label}</span>
          {isChanged ? <span className={styles["dot"]} role="img" aria-label="changed" title="Changed" /> : null}
        </div>
        <div id={helpId} className={styles["help"]}>
          {help === undefined ? null : <p>{help}</p>}
          <p className={styles["facts"]}>
            <code>{name}</code>
            {isChanged || imported ? (
              <span>
                {imported ? "A1111's config.json has" : "Default"} {formatValue(state.defaults[name])}
              </span>
            ) : null}
            {isChanged ? (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={`Reset ${label}`}
                onClick={() => void changes.reset([name], `“${label}” is at its default again`)}
              >
                Reset
              </Button>
            ) : null}
          </p>
        </div>
      </div>
      <div className={styles["control"]}>
        <OptionControl
          entry={entry}
          value={state.values[name]}
          error={errors[name]}
          onRefused={changes.setRefused}
          resets={changes.resets[name] ?? 0}
          disabled={state.fault !== null}
          onChange={(value) => changes.change(name, value)}
          labelledBy={labelId}
          describedBy={helpId}
        />
      </div>
    </div>
  );
}

function formatValue(value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  return value === "" ? "empty" : String(value);
}
