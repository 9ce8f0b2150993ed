/** @file The options of the server and how they are changed: each change at once, a reset with a way back. */
import { LexemeError } from "@lexeme/core";
import type { OptionName, Options } from "@lexeme/domain/options";
import type { OptionsState } from "@lexeme/protocol";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { queryClient, refresh, useOptions } from "../../api/queries.ts";
import { showError, showUndo } from "../../ui/feedback/toast.ts";

export interface OptionChanges {
  state: OptionsState;
  /** Options that differ from their defaults. */
  changed: ReadonlySet<OptionName>;
  /** The server's word on an option, until it is changed again. */
  errors: Readonly<Partial<Record<OptionName, string>>>;
  /** Rises with every change that was saved. */
  saves: number;
  /** Resolves with true once it is saved. */
  change: (name: OptionName, value: unknown) => Promise<boolean>;
  reset: (names: readonly OptionName[], message: string) => Promise<void>;
}

/** Null while the options are being fetched; `error` when they cannot be. */
export function useOptionChanges(): { changes: OptionChanges | null; error: LexemeError | null } {
  const { data: state, error } = useOptions();
  const [errors, setErrors] = useState<OptionChanges["errors"]>({});
  const [saves, setSaves] = useState(0);
  if (state === undefined) return { changes: null, error };

  function take(next: OptionsState): void {
    queryClient.setQueryData(["getOptions", {}], next);
    // The checkpoint and the VAE are among them.
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
      // The reason may be the file, which the list then says.
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
      showUndo(message, () => void call("changeOptions", { body: before }).then(take, showError));
    } catch (fault) {
      showError(fault);
    }
  }

  const changed = new Set(
    (Object.keys(values) as OptionName[]).filter((name) => isChanged(name, { values, defaults })),
  );
  return { changes: { state, changed, errors, saves, change, reset }, error: null };
}

/** The checkpoint has no default of its own: the first that can be used stands in for none. */
function isChanged(name: OptionName, { values, defaults }: Pick<OptionsState, "values" | "defaults">): boolean {
  if (name === "sd_model_checkpoint" && defaults[name] === "") return false;
  return values[name] !== defaults[name];
}
