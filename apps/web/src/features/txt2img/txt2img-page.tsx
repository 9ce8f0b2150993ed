/** @file The txt2img tab. */
import { Txt2imgSettingsSchema, isFinished } from "@lexeme/protocol";
import { useMemo, type ReactNode } from "react";
import { useJobStarter } from "../../api/job-actions.ts";
import { usePlacedFailure } from "../../api/use-placed-failure.ts";
import { useCheckpoints, useSystem } from "../../api/queries.ts";
import { firstError } from "../../state/first-error.ts";
import { txt2imgForm } from "../../state/forms.ts";
import { isDeleted, useDeletedPictures } from "../../state/deleted-pictures.ts";
import { useJobList } from "../../state/jobs.ts";
import { drawingSeconds } from "../../state/measured-rate.ts";
import { usePersistentForm } from "../../state/persistent-form.ts";
import { useSession } from "../../state/session.ts";
import { shownJob } from "../../state/shown-job.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { BrushIcon } from "../../ui/icons.tsx";
import { showResults } from "../../ui/show-results.ts";
import { StartBar } from "../../ui/start-bar.tsx";
import { TabLayout } from "../../ui/tab-layout.tsx";
import { forecastLine } from "./drawing-forecast.ts";
import { Txt2imgResult } from "./txt2img-result.tsx";
import { Txt2imgSettingsColumn } from "./txt2img-settings.tsx";

export function Txt2imgPage(): ReactNode {
  const form = usePersistentForm(Txt2imgSettingsSchema, "txt2img");
  const starter = useJobStarter("txt2img", form);
  const jobs = useJobList((job) => job.request.kind === "txt2img");
  const busyJobs = useJobList((job) => !isFinished(job.state) && job.lane === "device");
  const system = useSystem().data;
  const checkpoints = useCheckpoints().data;
  const embedding = useSession((state) => state.embedding);
  const deleted = useDeletedPictures();
  const shown = shownJob(jobs);
  usePlacedFailure(shown, txt2imgForm);

  const seconds = useMemo(
    () => (form.settings === null ? null : drawingSeconds(jobs, form.settings)),
    [jobs, form.settings],
  );
  const noCheckpoint = system !== undefined && checkpoints !== undefined && system.checkpoint === null;
  const last = shown?.results.artifacts.findLast(
    (one) => one.seed !== undefined && !isDeleted(deleted, one.path, shown.createdAt),
  );

  function start(): void {
    const settings = form.submit();
    if (settings === null) return;
    void starter.start(settings);
    showResults();
  }

  const problem = noCheckpoint
    ? "No checkpoint yet: put one into the checkpoint folder"
    : (starter.problem ?? firstError(form));
  return (
    <TabLayout
      title="txt2img"
      settings={
        <Txt2imgSettingsColumn
          form={form}
          lastSeed={last?.seed ?? null}
          lastInfotext={last?.infotext ?? null}
          promptPlaceholder={`a photo of ${embedding ?? "a woman"}`}
        />
      }
      start={
        <StartBar
          label="Generate"
          busy={starter.busy}
          disabled={noCheckpoint}
          onStart={start}
          tone={problem === null ? "plain" : "problem"}
          line={
            problem ??
            forecastLine({
              settings: form.settings,
              seconds,
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
      ) : (
        <Txt2imgResult key={shown.id} job={shown} />
      )}
    </TabLayout>
  );
}
