/** @file The script that txt2img runs, kept over a reload. */
import { XYZ_SCRIPT } from "@lexeme/domain/plot";
import { useStore } from "zustand";
import { persist } from "zustand/middleware";
import { createStore, type StoreApi } from "zustand/vanilla";
import { tabStorage } from "./tab-storage.ts";

/** A1111's names of the scripts that Lexeme has. */
export const NO_SCRIPT = "None";
export const SCRIPTS = [NO_SCRIPT, XYZ_SCRIPT] as const;
export type Script = (typeof SCRIPTS)[number];

interface ScriptState {
  script: Script;
}

export const scriptStore: StoreApi<ScriptState> = createStore(
  persist((): ScriptState => ({ script: NO_SCRIPT }), { name: "lexeme.script", version: 1, storage: tabStorage() }),
);

export function useScript(): Script {
  return useStore(scriptStore, ({ script }) => script);
}

export function setScript(script: Script): void {
  scriptStore.setState({ script });
}
