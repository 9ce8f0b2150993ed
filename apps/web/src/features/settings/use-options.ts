/** @file The server's options and their changes: each change is saved at once, and a reset can be undone. */
import { LexemeError } from "@lexeme/core";
import type { OptionName, Options } from "@lexeme/domain/options";
import type { OptionsState } from "@lexeme/protocol";
import { useCallback, useState } from "react";
import { call } from "../../api/client.ts";
import { queryClient, refresh, useOptions } from "../../api/queries.ts";
import { showError, showUndo } from "../../ui/feedback/toast.ts";

export interface OptionChanges {
  state: OptionsState;
  /** Options that differ from their defaults. */
  changed: ReadonlySet<OptionName>;
  /** The server's error for an option, until the option is changed again. */
  errors: Readonly<Partial<Record<OptionName, string>>>;
  /** Rises with every change that was saved. */
  saves: number;
  /** How often each option was reset. */
  resets: Readonly<Partial<Record<OptionName, number>>>;
  /** Options whose field holds a text that was refused. */
  refused: ReadonlySet<OptionName>;
  setRefused: (name: OptionName, isRefused: boolean) => void;
  /** Resolves with true once the value is saved. */
  change: (name: OptionName, value: unknown) => Promise<boolean>;
  reset: (names: readonly OptionName[], message: string) => Promise<void>;
}

/** `changes` is null while the options are fetched; `error` says why they cannot be fetched. */
export function useOptionChanges(): { changes: OptionChanges | null; error: LexemeError | null } {
  const { data: state, error } = useOptions();
  const [errors, setErrors] = useState<OptionChanges["errors"]>({});
  const [saves, setSaves] = useState(0);
  const [resets, setResets] = useState<OptionChanges["resets"]>({});
  const [refused, setAllRefused] = useState<ReadonlySet<OptionName>>(new Set());
  const setRefused = useCallback((name: OptionName, isRefused: boolean): void => {
    setAllRefused((now) => (now.has(name) === isRefused ? now : withOrWithout(now, name, isRefused)));
  }, []);
  if (state === undefined) return { changes: null, error };

  function take(next: OptionsState): void {
    queryClient.setQueryData(["getOptions", {}], next);
    // The checkpoint and the VAE are among the options.
    void refresh("getSystem");
    setSaves((count) => count + 1);
  }

  async function change(name: OptionName, value: unknown): Promise<boolean> {
    try {
      take(await call("changeOptions", { body: { [name]: value } }));
      setErrors(({ [name]: _settled, ...rest }) => rest);
      return true;
    } catch (fault) {
      if (!(fault instanceof LexemeError)) throw fault;
      setErrors((before) => ({ ...before, [name]: fault.message }));
      // The reason may be the settings file; the options then carry that fault.
      void refresh("getOptions");
      return false;
    }
  }

  const { values, defaults } = state;

  async function reset(names: readonly OptionName[], message: string): Promise<void> {
    const before = Object.fromEntries(names.map((name) => [name, values[name]])) as Partial<Options>;
    try {
      take(await call("resetOptions", { body: { names: [...names] } }));
      setErrors({});
      const more = names.map((name) => [name, (resets[name] ?? 0) + 1]);
      setResets((now) => ({ ...now, ...(Object.fromEntries(more) as OptionChanges["resets"]) }));
      showUndo(message, () => void call("changeOptions", { body: before }).then(take, showError));
    } catch (fault) {
      showError(fault);
    }
  }

  const changed = new Set(
    (Object.keys(values) as OptionName[]).filter((name) => isChanged(name, { values, defaults })),
  );
  return { changes: { state, changed, errors, saves, resets, refused, setRefused, change, reset }, error: null };
}

function withOrWithout<T>(all: ReadonlySet<T>, one: T, isIn: boolean): Set<T> {
  return new Set(isIn ? [...all, one] : [...all].filter((other) => other !== one));
}

/** The checkpoint has no default: the first usable checkpoint is used if none is chosen. */
function isChanged(name: OptionName, { values, defaults }: Pick<OptionsState, "values" | "defaults">): boolean {
  if (name === "sd_model_checkpoint" && defaults[name] === "") return false;
  return values[name] !== defaults[name];
}
