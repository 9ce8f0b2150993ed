/** @file The Generate button, and the line that says what a drawing will do, or why it cannot start. */
import { Button } from "@mantine/core";
import { NO_SCRIPT } from "../../../state/script.ts";
import { isFinished } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { useMemo, type ReactNode } from "react";
import { useCheckpoints, useSystem } from "../../../api/queries.ts";
import { drawingSeconds } from "../../../parts/forecasts/measured-rate.ts";
import { useDrawingMemory } from "../../../parts/forecasts/memory-forecast.ts";
import { useFirstError, useSettledForm } from "../../../parts/form/use-form.ts";
import { DRAW_NOW_TITLE, usePausingJob, useTimeLeft } from "../../../parts/jobs/draw-now.ts";
import { actOnJob, useJobStarter } from "../../../parts/jobs/job-actions.ts";
import { followDrawing } from "../../../state/drawing-choice.ts";
import { plotForm, txt2imgForm } from "../../../state/forms.ts";
import { useJobList } from "../../../state/jobs.ts";
import { showResults } from "../../../ui/layout/show-results.ts";
import { StartBar } from "../../../ui/layout/start-bar.tsx";
import { plotFailureForm, submitPlot, usePlotReading } from "../plot/plot-form.ts";
import { forecastLine } from "./drawing-forecast.ts";

/** `jobs` are the drawings so far, newest first. */
export function Txt2imgStart({ jobs }: { jobs: readonly Job[] }): ReactNode {
  const starter = useJobStarter(txt2imgForm);
  const plotStarter = useJobStarter(plotFailureForm);
  const { settings: asked } = useSettledForm(txt2imgForm);
  const { script, fault, work: plotWork } = usePlotReading();
  const work = script === NO_SCRIPT ? asked : plotWork;
  const memory = useDrawingMemory(work);
  const busyJobs = useJobList((job) => !isFinished(job.state) && job.lane === "device");
  const pausing = usePausingJob(work && { kind: "txt2img", settings: work });
  const left = useTimeLeft(busyJobs.find(({ state }) => state === "running") ?? null);
  const busy = starter.busy || plotStarter.busy;
  const system = useSystem().data;
  const checkpoints = useCheckpoints().data;
  const seconds = useMemo(() => (work === null ? null : drawingSeconds(jobs, work)), [jobs, work]);
  const noCheckpoint = system !== undefined && checkpoints !== undefined && system.checkpoint === null;
  const formError = useFirstError(txt2imgForm);
  const plotError = useFirstError(plotForm);

  function start(): Promise<Job | null> {
    const settings = txt2imgForm.submit();
    const plotted = script === NO_SCRIPT ? null : submitPlot(settings);
    if (settings === null || (script !== NO_SCRIPT && plotted === null)) return Promise.resolve(null);
    showResults();
    const starting =
      plotted === null
        ? starter.start({ kind: "txt2img", settings })
        : plotStarter.start({ kind: "xyz-plot", settings: plotted });
    return starting.then((job) => {
      if (job !== null) followDrawing(job.id);
      return job;
    });
  }

  async function drawNow(): Promise<void> {
    const job = await start();
    if (job !== null) await actOnJob("goFirstJob", job.id);
  }

  const plotProblem = script === NO_SCRIPT ? null : (plotStarter.problem ?? plotError ?? fault?.message ?? null);
  const problem = noCheckpoint
    ? "No checkpoint yet: put one into the checkpoint folder"
    : (starter.problem ?? formError ?? plotProblem ?? memory.problem);
  return (
    <StartBar
      label="Generate"
      busy={busy}
      disabled={noCheckpoint}
      onStart={() => void start()}
      aside={
        pausing === null ? null : (
          <Button
            size="md"
            variant="default"
            disabled={noCheckpoint || busy}
            title={DRAW_NOW_TITLE}
            onClick={() => void drawNow()}
          >
            Draw now
          </Button>
        )
      }
      tone={problem === null ? "plain" : "problem"}
      line={
        problem ??
        forecastLine({
          settings: work,
          seconds,
          memory: memory.text,
          waitsFor: busyJobs,
          left,
          folder: system?.folders.outputs ?? null,
        })
      }
    />
  );
}
