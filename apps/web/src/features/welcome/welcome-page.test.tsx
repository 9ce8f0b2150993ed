/** @file The demo can be begun again under another word, or gone on with. */
import type { System } from "@lexeme/protocol";
import { screen, waitFor } from "@testing-library/react";
import { Toaster } from "sonner";
import { expect, test } from "vitest";
import { createForm, trainForm, txt2imgForm } from "../../state/forms.ts";
import { sessionStore } from "../../state/session.ts";
import { draw, serve } from "../../testing/page.ts";
import { embeddingRow } from "../../testing/rows.ts";
import { WelcomePage } from "./welcome-page.tsx";

const SYSTEM = {
  checkpoint: "demo.safetensors",
  folders: { datasets: "/data/datasets", checkpoints: "/data/models" },
  demo: {
    checkpoint: "demo.safetensors",
    photos: "/demo/photos",
    suggested: {
      create: { name: "mira", initText: "woman" },
      preprocess: {},
      train: { embeddingName: "mira", previewPrompt: "a photo of mira" },
      txt2img: { prompt: "an oil painting of [[mira]]" },
    },
  },
} as unknown as System;

test("with the word there, the demo begins again under a free one, in every tab", async () => {
  serve({ getSystem: SYSTEM, listCheckpoints: [], listEmbeddings: [embeddingRow("Mira"), embeddingRow("mira-2")] });
  const user = draw(<WelcomePage />);
  await user.click(await screen.findByText("Try the demo again as “mira-3”"));
  await waitFor(() => expect(location.pathname).toBe("/create"));
  expect(createForm.read().values).toMatchObject({ name: "mira-3", initText: "woman" });
  expect(trainForm.read().values).toMatchObject({
    embeddingName: "mira-3",
    previewPrompt: "a photo of mira-3",
    dataRoot: "/data/datasets/mira-3",
  });
  expect(txt2imgForm.read().values.prompt).toBe("an oil painting of [[mira-3]]");
  expect(sessionStore.getState()).toMatchObject({ guide: "on", guideWord: "mira-3", embedding: "mira-3" });
});

test("what the demo replaced in the tabs is brought back by one press", async () => {
  serve({ getSystem: SYSTEM, listCheckpoints: [], listEmbeddings: [] });
  txt2imgForm.patch({ prompt: "my own castle", seed: "7" });
  const user = draw(
    <>
      <WelcomePage />
      <Toaster />
    </>,
  );
  const button = screen.getByRole("button", { name: "Try the demo" });
  await waitFor(() => expect(button).toHaveProperty("disabled", false));
  await user.click(button);
  await waitFor(() => expect(txt2imgForm.read().values.prompt).toBe("an oil painting of [[mira]]"));
  await user.click(await screen.findByText("Undo"));
  expect(txt2imgForm.read().values).toMatchObject({ prompt: "my own castle", seed: "7" });
  expect(trainForm.read().values.embeddingName).toBe("");
  expect(sessionStore.getState()).toMatchObject({ guide: "off", embedding: null });
});

test("it goes on with the word that is there, without creating it again", async () => {
  serve({ getSystem: SYSTEM, listCheckpoints: [], listEmbeddings: [embeddingRow("mira")] });
  const user = draw(<WelcomePage />);
  await user.click(await screen.findByText("Go on with “mira”"));
  await waitFor(() => expect(sessionStore.getState().guideWord).toBe("mira"));
  expect(createForm.read().values.name).toBe("");
  expect(trainForm.read().values.embeddingName).toBe("mira");
});
