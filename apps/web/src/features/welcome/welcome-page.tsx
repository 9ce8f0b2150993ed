/** @file The first screen: try the demo, or add your own checkpoint and see it appear. */
import { Button } from "@mantine/core";
import type { System } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { useAction } from "../../api/use-action.ts";
import { call, thumbnailUrl } from "../../api/client.ts";
import { refresh, useCheckpoints, useEmbeddings, useRoute, useSystem } from "../../api/queries.ts";
import { embeddingOfName } from "../../parts/embeddings/embedding-of-name.ts";
import { CopyText } from "../../ui/text/copy-text.tsx";
import { PictureTile } from "../../parts/pictures/picture-tile.tsx";
import { showError, showUndo } from "../../ui/feedback/toast.ts";
import { demoWord, fillInDemo, freeWord } from "./demo-story.ts";
import { OwnCheckpoints } from "./own-checkpoints.tsx";
import styles from "./welcome-page.module.css";

export function WelcomePage(): ReactNode {
  const [, navigate] = useLocation();
  const system = useSystem();
  const checkpoints = useCheckpoints().data ?? [];
  const demo = useAction({
    mutationFn: async ({ now, name }: { now: System; name: string }) => {
      if (now.checkpoint !== now.demo.checkpoint) {
        await call("chooseCheckpoint", { body: { name: now.demo.checkpoint } });
        await refresh("getSystem", "listEmbeddings");
      }
      return fillInDemo(now, { name, isThere: embeddingOfName(await call("listEmbeddings", {}), name) !== undefined });
    },
    onSuccess: (undo) => {
      navigate("/create");
      if (undo !== null) showUndo("The demo's settings took the place of yours on four tabs", undo);
    },
    onError: showError,
  });
  const data = system.data;
  const embeddings = useEmbeddings().data;
  const suggested = data === undefined ? "" : demoWord(data);
  const isThere = embeddingOfName(embeddings ?? [], suggested) !== undefined;
  const free = freeWord(suggested, embeddings ?? []);
  const begin = (name: string) => () => data !== undefined && demo.mutate({ now: data, name });
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
              onClick={begin(free)}
            >
              {isThere ? `Try the demo again as “${free}”` : "Try the demo"}
            </Button>
            {isThere ? (
              <Button variant="default" disabled={demo.isPending} onClick={begin(suggested)}>
                Go on with “{suggested}”
              </Button>
            ) : null}
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
