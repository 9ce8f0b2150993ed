/** @file A notification of the browser when a job ends while nobody looks at the page; only if the user asked for it. */
import { Switch } from "@mantine/core";
import { isFinished } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { useLocalStorage } from "@mantine/hooks";
import { useEffect, type ReactNode } from "react";
import { jobsStore } from "../../state/jobs.ts";
import { showNote } from "../../ui/feedback/toast.ts";

const KEY = "lexeme.notify";
const ENDED = { done: "Done", failed: "Failed" } as const;

/** Browsers notify from secure pages only, and 127.0.0.1 is one. */
const CAN_NOTIFY = "Notification" in globalThis && globalThis.isSecureContext;

function useWanted() {
  return useLocalStorage({ key: KEY, defaultValue: false, getInitialValueInEffect: false });
}

/** Watches the jobs; draws nothing. */
export function DoneNotification(): ReactNode {
  const [wanted] = useWanted();
  useEffect(() => {
    if (!wanted || !CAN_NOTIFY) return;
    return jobsStore.subscribe((state, before) => {
      if (state.jobs === before.jobs || !document.hidden) return;
      for (const job of Object.values(state.jobs)) {
        const was = before.jobs[job.id];
        if (was !== undefined && !isFinished(was.state)) tell(job);
      }
    });
  }, [wanted]);
  return null;
}

function tell({ state, title, results, error }: Job): void {
  // The user who cancels a job knows that it ended.
  if (state !== "done" && state !== "failed") return;
  if (Notification.permission !== "granted") return;
  const body = error?.message ?? results.summary;
  const notification = new Notification(`${ENDED[state]}: ${title}`, body === undefined ? {} : { body });
  notification.addEventListener("click", () => {
    globalThis.focus();
    notification.close();
  });
}

/** The switch in the list of jobs; asks the browser for permission the first time. */
export function NotifySwitch(): ReactNode {
  const [wanted, setWanted] = useWanted();
  if (!CAN_NOTIFY) return null;

  async function change(on: boolean): Promise<void> {
    if (on && (await Notification.requestPermission()) !== "granted") {
      showNote("The browser does not allow notifications from this page; allow them in its settings for this site");
      return;
    }
    setWanted(on);
  }

  return (
    <Switch
      size="xs"
      label="Notify me when a job ends"
      checked={wanted && Notification.permission === "granted"}
      onChange={(event) => void change(event.currentTarget.checked)}
    />
  );
}
