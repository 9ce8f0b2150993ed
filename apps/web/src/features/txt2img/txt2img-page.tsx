/** @file The txt2img tab. A picture that is dropped anywhere on it fills the form. */
import type { ReactNode } from "react";
import { usePictureDrop } from "../../parts/pictures/picture-transfer.ts";
import { shownDrawing } from "../../parts/jobs/shown-job.ts";
import { useWholeJob } from "../../parts/jobs/whole-job.ts";
import { usePlacedFailure } from "../../parts/jobs/use-placed-failure.ts";
import { isDeleted, useDeletedPictures } from "../../state/deleted-pictures.ts";
import { useDrawingChoice } from "../../state/drawing-choice.ts";
import { txt2imgForm } from "../../state/forms.ts";
import { useJobList } from "../../state/jobs.ts";
import { useSession } from "../../state/session.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { Waiting } from "../../ui/feedback/waiting.tsx";
import { BrushIcon } from "../../ui/icons/icons.tsx";
import { TabLayout } from "../../ui/layout/tab-layout.tsx";
import { useReadBack } from "./form/read-back.ts";
import { Txt2imgSettingsColumn } from "./form/txt2img-settings.tsx";
import { Txt2imgStart } from "./form/txt2img-start.tsx";
import { plotFailureForm } from "./plot/plot-form.ts";
import { PlotResult } from "./plot/plot-result.tsx";
import { Txt2imgResult } from "./result/txt2img-result.tsx";

export function Txt2imgPage(): ReactNode {
  const jobs = useJobList(({ request }) => request.kind === "txt2img" || request.kind === "xyz-plot");
  const embedding = useSession((state) => state.embedding);
  const deleted = useDeletedPictures();
  const shown = useWholeJob(shownDrawing(jobs, useDrawingChoice()));
  const { readDropped } = useReadBack();
  const drop = usePictureDrop((source) => void readDropped(source));
  usePlacedFailure(shown, shown?.request.kind === "xyz-plot" ? plotFailureForm : txt2imgForm);
  const last = shown?.results.artifacts.findLast(
    (one) => one.seed !== undefined && !isDeleted(deleted, one.path, shown.createdAt),
  );
  return (
    <TabLayout
      title="txt2img"
      data-over={drop.over}
      {...drop.handlers}
      settings={
        <Txt2imgSettingsColumn
          lastSeed={last?.seed ?? null}
          lastInfotext={last?.infotext ?? null}
          promptPlaceholder={`a photo of ${embedding ?? "a woman"}`}
        />
      }
      start={<Txt2imgStart jobs={jobs} />}
    >
      {shown === null ? (
        <EmptyState icon={<BrushIcon />} title="Nothing drawn yet">
          Write a prompt and press Ctrl+Enter.{" "}
          {embedding === null ? "" : `The word ${embedding} stands for your embedding. `}
          Every picture is kept, together with its settings.
        </EmptyState>
      ) : shown.isShortened === true ? (
        <Waiting />
      ) : shown.request.kind === "xyz-plot" ? (
        <PlotResult key={shown.id} job={shown} />
      ) : (
        <Txt2imgResult key={shown.id} job={shown} />
      )}
    </TabLayout>
  );
}
