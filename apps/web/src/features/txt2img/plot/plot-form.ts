/** @file The fields of A1111's script "X/Y/Z plot", whether it is chosen, and its present values. */
import { LexemeError } from "@lexeme/core";
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import { planXyzPlot, plotAsDrawing, type XyzAxes, type XyzPlan, type XyzPlotSettings } from "@lexeme/domain/plot";
import type { FailureForm } from "../../../parts/jobs/use-placed-failure.ts";
import { useFieldOfType, useSettledForm, type FieldName } from "../../../parts/form/use-form.ts";
import { plotForm, txt2imgForm } from "../../../state/forms.ts";
import { NO_SCRIPT, useScript, type Script } from "../../../state/script.ts";
import type { Field } from "../../../ui/fields/field.ts";

export interface PlotReading {
  script: Script;
  /** The parsed axes; null while a value cannot be read, or without a script. */
  plan: XyzPlan | null;
  /** The fault of a value, and its field. */
  fault: { field: string; message: string } | null;
  /** A txt2img with the same amount of work, for forecasts; null if there is no plan. */
  work: Txt2imgSettings | null;
}

/** The plot from both forms, read once typing pauses. */
export function usePlotReading(): PlotReading {
  const script = useScript();
  const isPlot = script !== NO_SCRIPT;
  const { settings } = useSettledForm(txt2imgForm, isPlot);
  const { settings: axes } = useSettledForm(plotForm, isPlot);
  return lastReading(script, settings, axes);
}

let last: { settings: Txt2imgSettings | null; axes: XyzAxes | null; reading: PlotReading } | undefined;

/** The same object for the same values, because several components ask for it and a plan may have hundreds of cells. */
function lastReading(script: Script, settings: Txt2imgSettings | null, axes: XyzAxes | null): PlotReading {
  if (last?.reading.script !== script || last.settings !== settings || last.axes !== axes) {
    last = { settings, axes, reading: { script, ...readPlot(script, settings, axes) } };
  }
  return last.reading;
}

function readPlot(script: Script, settings: Txt2imgSettings | null, axes: XyzAxes | null): Omit<PlotReading, "script"> {
  if (script === NO_SCRIPT || settings === null || axes === null) return { plan: null, fault: null, work: null };
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
}

/** The settings to send, or null with the faults marked. */
export function submitPlot(settings: Txt2imgSettings | null): XyzPlotSettings | null {
  const sent = plotForm.submit();
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

/** A field with its error: the form's, the server's, or the plan's once something was typed. */
export function usePlotField(name: FieldName<typeof plotForm.schema, string>, { fault }: PlotReading): Field<string> {
  const field = useFieldOfType<typeof plotForm.schema, string>(plotForm, name);
  const isPlans = field.error === undefined && fault?.field === name && field.value !== "";
  return isPlans ? { ...field, error: fault.message } : field;
}

/** Both forms as one, because a plot's job is made of both. */
export const plotFailureForm: FailureForm = {
  read: () => ({ values: { ...txt2imgForm.read().values, ...plotForm.read().values } }),
  placeError: (error) => plotForm.placeError(error) || txt2imgForm.placeError(error),
};
