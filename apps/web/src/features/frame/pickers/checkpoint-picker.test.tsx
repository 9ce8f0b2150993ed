/** @file Choosing a checkpoint from its list. */
import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { draw, serve } from "../../../testing/page.ts";
import { checkpointRow } from "../../../testing/rows.ts";
import { CheckpointPicker } from "./checkpoint-picker.tsx";

/** The options of the picker's own list; the VAE's list is a second one beside it. */
function options(): HTMLElement[] {
  return within(screen.getByRole("listbox", { name: "Stable Diffusion checkpoint" })).getAllByRole("option");
}

const LIST = [
  checkpointRow("xl/turbo.safetensors", {
    family: "sdxl",
    unsupportedReason: "it is a Stable Diffusion XL checkpoint",
  }),
  checkpointRow("anime/dream-8.safetensors", { sha256: "879db523c3aa" }),
  checkpointRow("base.ckpt"),
];

test("a checkpoint is found by name or hash, and chosen for everybody", async () => {
  const asked = serve({ listCheckpoints: LIST });
  const user = draw(<CheckpointPicker />);
  await user.click(await screen.findByLabelText("Stable Diffusion checkpoint: No checkpoint"));
  await user.type(screen.getByLabelText("Search checkpoints"), "879db");
  expect(options()).toHaveLength(1);
  await user.click(options()[0]!);
  const [chosen] = asked.filter(({ route }) => route === "chooseCheckpoint");
  expect(chosen?.body).toEqual({ name: "anime/dream-8.safetensors" });
});

test("an unusable checkpoint stands last, with the reason, and is not chosen", async () => {
  const asked = serve({ listCheckpoints: LIST });
  const user = draw(<CheckpointPicker />);
  await user.click(await screen.findByLabelText("Stable Diffusion checkpoint: No checkpoint"));
  const last = options().at(-1)!;
  expect(last.textContent).toContain("it is a Stable Diffusion XL checkpoint");
  await user.click(last);
  expect(asked.map(({ route }) => route)).not.toContain("chooseCheckpoint");
});
