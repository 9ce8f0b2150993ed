/** @file The first screen: try the demo, or add your own checkpoint and see it appear. */
import { Button } from "@mantine/core";
import type { Embedding, System } from "@lexeme/protocol";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { call, thumbnailUrl } from "../../api/client.ts";
import { refresh, useCheckpoints, useRoute, useSystem } from "../../api/queries.ts";
import { createForm, preprocessForm, trainForm, txt2imgForm } from "../../state/forms.ts";
import { setSession } from "../../state/session.ts";
import { CopyText } from "../../ui/text/copy-text.tsx";
import { joinPath } from "../../ui/text/folder-path.ts";
import { PictureTile } from "../../parts/pictures/picture-tile.tsx";
import { showError } from "../../ui/feedback/toast.ts";
import { OwnCheckpoints } from "./own-checkpoints.tsx";
import styles from "./welcome-page.module.css";

export function WelcomePage(): ReactNode {
  const [, navigate] = useLocation();
  const system = useSystem();
  const checkpoints = useCheckpoints().data ?? [];
  const demo = useMutation({
    mutationFn: async (now: System) => {
      if (now.checkpoint !== now.demo.checkpoint) {
        await call("chooseCheckpoint", { body: { name: now.demo.checkpoint } });
        await refresh("getSystem", "listEmbeddings");
      }
      fillInDemo(now, await call("listEmbeddings", {}));
    },
    onSuccess: () => navigate("/create"),
    onError: showError,
  });
  const data = system.data;
  return (
    <div className={styles["scroll"]}>
      <div className={styles["page"]}>
        <h1>Teach Stable Diffusion a new word</h1>
        <p className={styles["lead"]}>
          From a few pictures it learns a word for one face, one thing or one style: an embedding. You can then use the
          word in any prompt.
        </p>
        <div className={styles["cards"]}>
          <section className={styles["card"]} aria-labelledby="demo-title">
            <h2 id="demo-title">Try the demo</h2>
            <DemoPhotos folder={data?.demo.photos ?? null} />
            <p>
              A small model and 14 photos come with Lexeme. In about five minutes, offline, you create a word, prepare
              the pictures, train, and draw with it. Everything is real, only smaller.
            </p>
            <Button
              size="md"
              className={styles["start"] ?? ""}
              disabled={data === undefined}
              loading={demo.isPending}
              onClick={() => data !== undefined && demo.mutate(data)}
            >
              Try the demo
            </Button>
          </section>
          <section className={styles["card"]} aria-labelledby="own-title">
            <h2 id="own-title">Use my checkpoint</h2>
            <p>
              Put an SD 1.x or 2.x checkpoint into this folder: a .safetensors or .ckpt file, or a diffusers folder. It
              appears below by itself. To use a whole A1111 folder, start Lexeme with <code>--data-dir</code>.
            </p>
            {data === undefined ? null : <CopyText text={data.folders.checkpoints} label="Copy the folder's path" />}
            <OwnCheckpoints checkpoints={checkpoints.filter((one) => !one.isDemo)} chosen={data?.checkpoint ?? null} />
          </section>
        </div>
      </div>
    </div>
  );
}

/** A few photos of the person whose word the demo teaches. */
function DemoPhotos({ folder }: { folder: string | null }): ReactNode {
  const dataset = useRoute("getDataset", folder === null ? null : { query: { path: folder } });
  const shown = (dataset.data?.pictures ?? []).slice(0, 5);
  return (
    <div className={styles["photos"]} aria-hidden>
      {shown.map((picture) => (
        <PictureTile key={picture.path} src={thumbnailUrl(picture.path, 192)} alt="" />
      ))}
    </div>
  );
}

/** Fills in every tab for the demo's story and starts the guide. */
function fillInDemo(system: System, embeddings: Embedding[]): void {
  const { suggested, photos } = system.demo;
  const suggestedName = suggested.create["name"];
  const name = typeof suggestedName === "string" ? suggestedName : "demo";
  const dataset = joinPath(system.folders.datasets, name);
  for (const form of [createForm, preprocessForm, trainForm, txt2imgForm]) form.reset();
  // A user who comes back has the word already, and goes on from there.
  if (!embeddings.some((one) => one.name === name)) createForm.patch(suggested.create);
  preprocessForm.patch({ processSrc: photos, processDst: dataset, ...suggested.preprocess });
  trainForm.patch({ dataRoot: dataset, ...suggested.train });
  txt2imgForm.patch(suggested.txt2img);
  setSession({ guide: "on", embedding: name, dataset: null });
}
