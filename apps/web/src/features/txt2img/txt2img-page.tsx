/** @file The txt2img tab. */
import { Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { isFinished } from "@lexeme/domain/jobs";
import { useMemo, type ReactNode } from "react";
import { useJobStarter } from "../../parts/jobs/job-actions.ts";
import { useDrawingMemory } from "../../parts/forecasts/memory-forecast.ts";
import { usePlacedFailure } from "../../parts/jobs/use-placed-failure.ts";
import { useCheckpoints, useSystem } from "../../api/queries.ts";
import { firstError } from "../../parts/form/first-error.ts";
import { txt2imgForm } from "../../state/forms.ts";
import { isDeleted, useDeletedPictures } from "../../state/deleted-pictures.ts";
import { useJobList } from "../../state/jobs.ts";
import { drawingSeconds } from "../../parts/forecasts/measured-rate.ts";
import { usePersistentForm } from "../../parts/form/persistent-form.ts";
import { useSession } from "../../state/session.ts";
import { shownJob } from "../../parts/jobs/shown-job.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { BrushIcon } from "../../ui/icons/icons.tsx";
import { showResults } from "../../ui/layout/show-results.ts";
import { StartBar } from "../../ui/layout/start-bar.tsx";
import { TabLayout } from "../../ui/layout/tab-layout.tsx";
import { forecastLine } from "./form/drawing-forecast.ts";
import { plotFailureForm, usePlotForm } from "./plot/plot-form.ts";
import { PlotResult } from "./plot/plot-result.tsx";
import { Txt2imgResult } from "./result/txt2img-result.tsx";
import { Txt2imgSettingsColumn } from "./form/txt2img-settings.tsx";

export function Txt2imgPage(): ReactNode {
  const form = usePersistentForm(Txt2imgSettingsSchema, "txt2img");
  const starter = useJobStarter("txt2img", form);
  const plot = usePlotForm(form.settings);
  const memory = useDrawingMemory(plot.work);
  const plotStarter = useJobStarter("xyz-plot", plotFailureForm);
  const jobs = useJobList(({ request }) => request.kind === "txt2img" || request.kind === "xyz-plot");
  const busyJobs = useJobList((job) => !isFinished(job.state) && job.lane === "device");
  const system = useSystem().data;
  const checkpoints = useCheckpoints().data;
  const embedding = useSession((state) => state.embedding);
  const deleted = useDeletedPictures();
  const shown = shownJob(jobs);
  usePlacedFailure(shown, shown?.request.kind === "xyz-plot" ? plotFailureForm : txt2imgForm);

  const seconds = useMemo(() => (plot.work === null ? null : drawingSeconds(jobs, plot.work)), [jobs, plot.work]);
  const noCheckpoint = system !== undefined && checkpoints !== undefined && system.checkpoint === null;
  const last = shown?.results.artifacts.findLast(
    (one) => one.seed !== undefined && !isDeleted(deleted, one.path, shown.createdAt),
  );

  function start(): void {
    const settings = form.submit();
    const plotted = plot.script === "None" ? null : plot.submit();
    if (settings === null || (plot.script !== "None" && plotted === null)) return;
    if (plotted === null) void starter.start(settings);
    else void plotStarter.start(plotted);
    showResults();
  }

  const plotProblem =
    plot.script === "None" ? null : (plotStarter.problem ?? firstError(plot.form) ?? plot.fault?.message ?? null);
  const problem = noCheckpoint
    ? "No checkpoint yet: put one into the checkpoint folder"
    : (starter.problem ?? firstError(form) ?? plotProblem ?? memory.problem);
  return (
    <TabLayout
      title="txt2img"
      settings={
        <Txt2imgSettingsColumn
          form={form}
          plot={plot}
          lastSeed={last?.seed ?? null}
          lastInfotext={last?.infotext ?? null}
          promptPlaceholder={`a photo of ${embedding ?? "a woman"}`}
        />
      }
      start={
        <StartBar
          label="Generate"
          busy={starter.busy || plotStarter.busy}
          disabled={noCheckpoint}
          onStart={start}
          tone={problem === null ? "plain" : "problem"}
          line={
            problem ??
            forecastLine({
              settings: plot.work,
              seconds,
              memory: memory.text,
              waitsFor: busyJobs,
              folder: system?.folders.outputs ?? null,
            })
          }
        />
      }
    >
      {shown === null ? (
        <EmptyState icon={<BrushIcon />} title="Nothing drawn yet">
          Write a prompt and press Ctrl+Enter.{" "}
          {embedding === null ? "" : `The word ${embedding} calls your embedding. `}
          Every picture is kept, with what it was made with.
        </EmptyState>
      ) : shown.request.kind === "xyz-plot" ? (
        <PlotResult key={shown.id} job={shown} />
      ) : (
        <Txt2imgResult key={shown.id} job={shown} />
      )}
    </TabLayout>
  );
}
