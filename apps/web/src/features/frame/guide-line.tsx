/** @file The demo's guide: one thin line on each tab that names the next click. */
import { viewOf } from "../../parts/jobs/job-kinds.ts";
import { Button, CloseButton } from "@mantine/core";
import { embeddingReplaced, isFinished } from "@lexeme/domain/jobs";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useEmbeddings, useRoute, useSystem } from "../../api/queries.ts";
import { embeddingOfName } from "../../parts/embeddings/embedding-of-name.ts";
import { useJobs } from "../../state/jobs.ts";
import { setSession, useSession } from "../../state/session.ts";
import styles from "./guide-line.module.css";

interface Step {
  path: string;
  tab: string;
  text: string;
}

export function GuideLine(): ReactNode {
  const on = useSession((state) => state.guide === "on");
  return on ? <NextStep /> : null;
}

function NextStep(): ReactNode {
  const [location] = useLocation();
  const word = useDemoWord();
  const { created, prepared, trained, drawn, busy } = useStory(word);
  const steps: (Step & { done: boolean })[] = [
    {
      path: "/create",
      tab: "Create Embedding",
      done: created,
      text: `Everything is filled in. Press “Create embedding”: the word “${word}” means no more than “woman” at first.`,
    },
    {
      path: "/preprocess",
      tab: "Preprocess",
      done: prepared,
      text: "These are 14 photos of somebody the demo model has never seen. Press “Preprocess” to cut them to size.",
    },
    {
      path: "/train",
      tab: "Train",
      done: trained,
      text: `Press “Train Embedding” and watch “${word}” learn the face. This takes under five minutes on two cores.`,
    },
    {
      path: "/txt2img",
      tab: "txt2img",
      done: drawn,
      text: `Press “Generate”: an oil painting of “${word}”, with less weight on the word and more on the style.`,
    },
  ];
  const index = steps.findIndex((step) => !step.done);
  const step = steps[index];
  const finish = (): void => setSession({ guide: "finished" });
  if (step === undefined) {
    return (
      <div className={styles["guide"]}>
        <span className={styles["text"]}>
          That was the whole story: “{word}” is now a word, kept as one small file in embeddings/. Try it in other
          prompts, or teach a word of your own.
        </span>
        <Button component={Link} href="/welcome" size="compact-sm" variant="default">
          Run it again
        </Button>
        <Button size="compact-sm" variant="default" onClick={finish}>
          Finish
        </Button>
      </div>
    );
  }
  return (
    <div className={styles["guide"]} data-here={location === step.path} role="note" aria-label="Demo guide">
      <span className={styles["count"]}>Step {index + 1} of 4</span>
      <span className={styles["text"]}>{location === step.path ? (busy ?? step.text) : `Next: ${step.tab}.`}</span>
      {location === step.path ? null : (
        <Button component={Link} href={step.path} size="compact-sm" variant="default">
          Go to {step.tab}
        </Button>
      )}
      <CloseButton size="sm" aria-label="Leave the guide" onClick={() => setSession({ guide: "off" })} />
    </div>
  );
}

function useDemoWord(): string {
  const suggested = useSystem().data?.demo.suggested.create["name"];
  const chosen = useSession((state) => state.guideWord);
  return chosen ?? (typeof suggested === "string" ? suggested : "");
}

interface Story {
  created: boolean;
  prepared: boolean;
  trained: boolean;
  drawn: boolean;
  /** The sentence to show while a job of the story runs. */
  busy: string | null;
}

/** How far the story has come, judged by the embedding, its pictures and the pictures drawn with it; the list of jobs may have lost its jobs. */
function useStory(word: string): Story {
  const embedding = embeddingOfName(useEmbeddings().data ?? [], word);
  const datasets = useSystem().data?.folders.datasets;
  const folders = useRoute("listFolder", datasets === undefined ? null : { query: { path: datasets } }).data?.folders;
  const chosen = useSession((state) => state.dataset);
  const prepared = folders?.find(({ name, path }) => name === word || path === chosen);
  const isTraining = useJobs((state) =>
    Object.values(state.jobs).some((job) => !isFinished(job.state) && embeddingReplaced(job.request) === word),
  );
  const drawn = useRoute("listImages", word === "" ? null : { query: { search: word, limit: 1 } }).data?.images;
  const busy = useJobs((state) => {
    const running = Object.values(state.jobs).find((job) => job.state === "running");
    return running === undefined ? null : viewOf(running).story;
  });
  return {
    created: embedding !== undefined,
    prepared: (prepared?.pictures ?? 0) > 0,
    trained: (embedding?.step ?? 0) > 0 && !isTraining,
    drawn: (drawn?.length ?? 0) > 0,
    busy,
  };
}
