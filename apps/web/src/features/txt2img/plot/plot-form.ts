/** @file The fields of A1111's script "X/Y/Z plot", whether it is chosen, and what its values are at this moment. */
import { LexemeError } from "@lexeme/core";
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import { planXyzPlot, plotAsDrawing, XyzAxesSchema, type XyzPlan, type XyzPlotSettings } from "@lexeme/domain/plot";
import { useMemo } from "react";
import type { FailureForm } from "../../../parts/jobs/use-placed-failure.ts";
import { plotForm, txt2imgForm } from "../../../state/forms.ts";
import { usePersistentForm, type PersistentForm } from "../../../parts/form/persistent-form.ts";
import { useScript, type Script } from "../../../state/script.ts";

export interface PlotForm {
  script: Script;
  form: PersistentForm<typeof XyzAxesSchema>;
  /** The parsed axes; null while a value cannot be read, or without a script. */
  plan: XyzPlan | null;
  /** What is wrong with a value, and in which field. */
  fault: { field: string; message: string } | null;
  /** A txt2img of as much work, for forecasts; txt2img's own settings without a script. */
  work: Txt2imgSettings | null;
  /** The settings to send, or null with the faults marked. */
  submit: () => XyzPlotSettings | null;
}

/** `settings` are txt2img's as they are; null while one of them is at fault. */
export function usePlotForm(settings: Txt2imgSettings | null): PlotForm {
  const script = useScript();
  const form = usePersistentForm(XyzAxesSchema, plotForm.key);
  const axes = form.settings;
  const reading = useMemo((): Pick<PlotForm, "plan" | "fault" | "work"> => {
    if (script === "None") return { plan: null, fault: null, work: settings };
    if (settings === null || axes === null) return { plan: null, fault: null, work: null };
    try {
      const asked = { ...settings, ...axes };
      const plan = planXyzPlot(asked);
      return { plan, fault: null, work: plotAsDrawing(asked, plan) };
    } catch (error) {
      if (!(error instanceof LexemeError)) throw error;
      const field = error.details?.["field"];
      return {
        plan: null,
        fault: { field: typeof field === "string" ? field : "", message: error.message },
        work: null,
      };
    }
  }, [script, settings, axes]);
  function submit(): XyzPlotSettings | null {
    const sent = form.submit();
    if (settings === null || sent === null) return null;
    const asked = { ...settings, ...sent };
    try {
      planXyzPlot(asked);
    } catch (error) {
      if (!plotFailureForm.placeError(error)) throw error;
      return null;
    }
    return asked;
  }
  return { script, form, ...reading, submit };
}

/** What is wrong with a field: the form's word, the server's, or that of the plan once something was typed. */
export function errorOf({ form, fault }: PlotForm, name: string): string | undefined {
  const known = form.errors[name];
  if (known !== undefined || fault?.field !== name) return known;
  const values: Readonly<Record<string, unknown>> = form.values;
  return values[name] === "" ? undefined : fault.message;
}

/** Both forms as the one that a plot's job was made of. */
export const plotFailureForm: FailureForm = {
  read: () => ({ values: { ...txt2imgForm.read().values, ...plotForm.read().values } }),
  placeError: (error) => plotForm.placeError(error) || txt2imgForm.placeError(error),
};
