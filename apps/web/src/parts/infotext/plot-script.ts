/** @file Whether txt2img plots, kept over a reload, and the way from a grid's infotext back to the plot that drew it. */
import { XYZ_AXIS_NAMES, XYZ_AXIS_TYPES, type XyzAxes } from "@lexeme/domain/plot";
import type { Infotext } from "@lexeme/domain/infotext";
import { useStore } from "zustand";
import { persist } from "zustand/middleware";
import { createStore, type StoreApi } from "zustand/vanilla";
import { plotForm } from "../../state/forms.ts";

/** A1111's names of the scripts that are here. */
export const SCRIPTS = ["None", "X/Y/Z plot"] as const;
export type Script = (typeof SCRIPTS)[number];

interface ScriptState {
  script: Script;
}

const scriptStore: StoreApi<ScriptState> = createStore(
  persist((): ScriptState => ({ script: "None" }), { name: "lexeme.script", version: 1 }),
);

export function useScript(): Script {
  return useStore(scriptStore, ({ script }) => script);
}

export function setScript(script: Script): void {
  scriptStore.setState({ script });
}

/** The plot that a grid's infotext tells of, random seeds as they were drawn; null for any other text. Axes that are not here are Nothing. */
export function plotFromInfotext({ parameters }: Pick<Infotext, "parameters">): Partial<XyzAxes> | null {
  if (parameters.get("Script") !== "X/Y/Z plot") return null;
  const axes: Partial<XyzAxes> = { xyzEmbedding: parameters.get("XYZ embedding") ?? "" };
  for (const name of XYZ_AXIS_NAMES) {
    const letter = name.toUpperCase();
    const type = XYZ_AXIS_TYPES.find((one) => one === parameters.get(`${letter} Type`)) ?? "Nothing";
    const fixed = parameters.get(`Fixed ${letter} Values`);
    const values = fixed ?? parameters.get(`${letter} Values`) ?? "";
    Object.assign(axes, { [`${name}Type`]: type, [`${name}Values`]: type === "Nothing" ? "" : values });
    if (type === "Seed" && fixed === undefined) axes.keepRandomSeeds = true;
  }
  return axes;
}

/** Whether a key is one that `plotFromInfotext` reads something from. */
export function isPlotKey(key: string, infotext: Pick<Infotext, "parameters">): boolean {
  const plot = plotFromInfotext(infotext);
  if (plot === null) return false;
  const axis = /^(?:Fixed )?([XYZ]) (?:Type|Values)$/u.exec(key)?.[1]?.toLowerCase();
  const name = XYZ_AXIS_NAMES.find((one) => one === axis);
  return name === undefined ? key === "Script" || key === "XYZ embedding" : plot[`${name}Type`] !== "Nothing";
}

/** Fills the plot's form and chooses the script; any other infotext leaves both alone. Gives what takes it back. */
export function reusePlot(infotext: Infotext): () => void {
  const plot = plotFromInfotext(infotext);
  if (plot === null) return () => undefined;
  const before = { form: plotForm.store.getState(), script: scriptStore.getState() };
  plotForm.reset();
  plotForm.patch(plot);
  setScript("X/Y/Z plot");
  return () => {
    plotForm.store.setState(before.form);
    scriptStore.setState(before.script);
  };
}
