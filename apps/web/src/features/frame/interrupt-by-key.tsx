/** @file Escape, when nothing is open that it would close: asks whether the running job should end, as A1111 interrupts with it. */
import { Button, Group, Modal, Text } from "@mantine/core";
import type { Job } from "@lexeme/protocol";
import { useEffect, useEffectEvent, useState, type ReactNode } from "react";
import { JOB_KINDS } from "@lexeme/domain/jobs";
import { useJobs, useRunningJob } from "../../state/jobs.ts";
import { isAnythingOpen } from "../../ui/overlays/open-overlay.ts";
import { useEndJob, type EndJob } from "./tray/end-job.ts";
import { trayStore } from "./tray/tray-store.ts";

export function InterruptByKey(): ReactNode {
  const running = useRunningJob();
  const [askedId, setAskedId] = useState<string | null>(null);
  const asked = useJobs(({ jobs }) => (askedId === null ? undefined : jobs[askedId]));
  const ask = useEffectEvent(() => setAskedId(running?.id ?? null));
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.key !== "Escape" || event.repeat || event.isComposing) return;
      if (trayStore.getState().open || isAnythingOpen(event.target)) return;
      // After all other listeners: one of them may use the key.
      setTimeout(() => {
        if (!event.defaultPrevented) ask();
      });
    }
    document.addEventListener("keydown", onKey, true);
    return () => document.removeEventListener("keydown", onKey, true);
  }, []);
  // A job that ends meanwhile answers the question.
  if (asked?.state !== "running") return null;
  return <InterruptDialog job={asked} onClose={() => setAskedId(null)} />;
}

function InterruptDialog({ job, onClose }: { job: Job; onClose: () => void }): ReactNode {
  const end = useEndJob(job);
  return (
    <Modal opened onClose={onClose} title={`${end.label} this job?`} size="sm">
      <Text size="sm" fw={500} lineClamp={3}>
        {job.title}
      </Text>
      <Text size="sm" mt={6}>
        {consequence(job, end)}
      </Text>
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Go on
        </Button>
        <Button
          data-autofocus
          disabled={end.disabled}
          onClick={() => {
            end.run();
            onClose();
          }}
        >
          {`${end.label} the job`}
        </Button>
      </Group>
    </Modal>
  );
}

function consequence(job: Job, { label }: EndJob): string {
  if (label === "Stop") return "It finishes its step and saves what it has learned; it can go on later.";
  return JOB_KINDS[job.request.kind].resumption === null
    ? "The pictures that are finished stay. The one that is being made now is lost."
    : "It is about to save what it has learned. If it is cancelled now, all learning since its last copy is lost.";
}
