/** @file Banners of the whole page: a chosen checkpoint that is gone. */
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { draw, serve } from "../../testing/page.ts";
import { systemRow } from "../../testing/rows.ts";
import { Banners } from "./banners.tsx";

test("a chosen checkpoint that is gone is named, with the one that is used and a press to keep it", async () => {
  const asked = serve({ getSystem: systemRow({ checkpoint: "base.ckpt", missingCheckpoint: "dream.safetensors" }) });
  const user = draw(<Banners />);
  const banner = await screen.findByRole("alert");
  expect(banner.textContent).toContain("The chosen checkpoint dream.safetensors is not there any more");
  expect(banner.textContent).toContain("base.ckpt is used until you choose another");
  await user.click(screen.getByText("Use base.ckpt"));
  expect(asked.find(({ route }) => route === "chooseCheckpoint")?.body).toEqual({ name: "base.ckpt" });
});
