/** @file The page while programs use A1111's API. */
import { expect, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

test("the page shows a program's picture as it is drawn, says that it was sent, and takes the program's options", async ({
  page,
  request,
}) => {
  await page.goto("/txt2img");
  await expect(page.getByText("Nothing drawn yet")).toBeVisible();
  const data = { prompt: "a photo of a man", steps: 20, width: 128, height: 128, seed: 7 };
  const drawing = request.post("/sdapi/v1/txt2img", { data, timeout: 60_000 });
  await expect(
    page
      .getByTestId("job-status")
      .or(page.getByText(/of 20 steps/u))
      .first(),
  ).toBeVisible();
  const answer = await (await drawing).json();
  expect(answer.images).toHaveLength(1);
  await expect(page.getByText("sent to the program that asked, and not kept").first()).toBeVisible();

  await request.post("/sdapi/v1/options", { data: { CLIP_stop_at_last_layers: 2 } });
  await page.goto("/settings");
  await expect(page.getByRole("textbox", { name: "Clip skip" })).toHaveValue("2");
});
