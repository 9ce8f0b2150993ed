/** @file X/Y/Z plots in the page: values and their faults, cells that fill in, the chosen cell with its settings, and grids of batches. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

function field(page: Page, name: string) {
  return page.getByRole("textbox", { name, exact: true });
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

test("a plot of 2 by 2 fills in, and each picture opens with the settings that made it", async ({ page, server }) => {
  await page.goto("/txt2img");
  await field(page, "Prompt").fill("a photo of a woman, plotted");
  await field(page, "Seed").fill("3");
  await choose(page, "Script", "X/Y/Z plot");
  await choose(page, "X type", "Steps");
  await field(page, "X values").fill("4, nine");
  await expect(page.getByText(/"nine" is not a whole number/).first()).toBeVisible();
  await field(page, "X values").fill("4-6 (+2)");
  await choose(page, "Y type", "Prompt S/R");
  await field(page, "Y values").fill("dog, child");
  await page.getByRole("button", { name: "Generate" }).click();
  await expect(page.getByText(/holds "dog"/).first()).toBeVisible();
  await field(page, "Y values").fill("woman, man");
  await expect(page.getByText(/^4 pictures of 128 × 128/)).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
  await page.getByRole("button", { name: "Generate" }).click();

  const cells = page.getByRole("group", { name: "Pictures of this plot" }).getByRole("button");
  await expect(cells).toHaveCount(4);
  await expect(page.getByRole("button", { name: "Steps: 6, man: finished" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("heading", { name: "The whole grid" })).toBeVisible({ timeout: 10_000 });
  const infotext = page.getByTestId("infotext");
  await expect(infotext).toContainText(
    'Script: X/Y/Z plot, X Type: Steps, X Values: 4-6 (+2), Y Type: Prompt S/R, Y Values: "woman, man"',
  );
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  await page.getByRole("button", { name: "Steps: 6, man: finished" }).click();
  await expect(page.getByRole("heading", { name: "Steps: 6, man" })).toBeVisible();
  await expect(infotext).toContainText("a photo of a man, plotted");
  await page.getByRole("button", { name: "Use these settings again" }).click();
  await expect(field(page, "Prompt")).toHaveValue("a photo of a man, plotted");
  await expect(field(page, "Sampling steps")).toHaveValue("6");

  await choose(page, "Script", "None");
  await page.getByRole("button", { name: "Show the whole grid" }).click();
  await page.getByRole("button", { name: "Use these settings again" }).click();
  await expect(page.getByRole("combobox", { name: "Script" })).toHaveValue("X/Y/Z plot");
  await expect(field(page, "Y values")).toHaveValue("woman, man");
  await expect(field(page, "Prompt")).toHaveValue("a photo of a woman, plotted");

  const [day] = await readdir(join(server.dataDir, "outputs", "txt2img-grids"));
  const grids = await readdir(join(server.dataDir, "outputs", "txt2img-grids", day ?? ""));
  expect(grids).toEqual(["xyz_grid-0000-3.png"]);
  await page.reload();
  await expect(cells).toHaveCount(4);
  await expect(page.getByRole("combobox", { name: "Script" })).toHaveValue("X/Y/Z plot");

  await page.goto("/gallery");
  await page.getByRole("searchbox", { name: "Search in prompts" }).fill("plotted");
  await expect(page.getByLabel("Pictures", { exact: true }).getByRole("button")).toHaveCount(5);
});

test("buttons fill in all samplers and swap axes; a plot can be stopped, and its drawn pictures stay", async ({
  page,
}) => {
  await page.goto("/txt2img");
  await field(page, "Prompt").fill("a photo of a man");
  await choose(page, "Script", "X/Y/Z plot");
  await choose(page, "X type", "Sampler");
  await page.getByRole("button", { name: "Fill in all samplers" }).click();
  await expect(field(page, "X values")).toHaveValue(/^DPM\+\+ 2M, DPM\+\+ SDE, .*, LCM$/);
  await choose(page, "Y type", "Nothing");
  await page.getByRole("button", { name: "Swap X/Y" }).click();
  await expect(page.getByText(/^20 pictures of/)).toBeVisible();
  await page.getByRole("button", { name: "Generate" }).click();
  const results = page.getByRole("region", { name: "txt2img results" });
  await expect(results.getByRole("button", { name: "DPM++ 2M: finished" })).toBeVisible({ timeout: 60_000 });
  await results.getByRole("button", { name: "Stop after this picture" }).click();
  await expect(results.getByRole("status").filter({ hasText: /^Stopped after \d+ of 20/ })).toBeVisible({
    timeout: 30_000,
  });
  await expect(results.getByRole("button", { name: "LCM: gone" })).toBeDisabled();
  await expect(results.getByRole("heading", { name: "The whole grid" })).toBeVisible();
});

test("a batch's grid comes first in its strip; pictures are named and encoded as the options say", async ({
  page,
  server,
}) => {
  const options = { samples_format: "webp", samples_filename_pattern: "[seed]-[steps]s", grid_format: "jpg" };
  const answer = await fetch(`${server.url}/api/options`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(options),
  });
  expect(answer.ok).toBe(true);
  await page.goto("/txt2img");
  await choose(page, "Script", "None");
  await field(page, "Prompt").fill("a photo of a man in webp");
  await field(page, "Seed").fill("40");
  await field(page, "Sampling steps").fill("2");
  await field(page, "Batch count").fill("2");
  await page.getByRole("button", { name: "Generate" }).click();
  const strip = page.getByRole("group", { name: "Pictures of this batch" });
  await expect(strip.getByRole("button").first()).toHaveAccessibleName("Grid of the batch", { timeout: 60_000 });
  await expect(strip.getByRole("button")).toHaveCount(3);
  await strip.getByRole("button").first().click();
  await expect(page.getByTestId("stage").getByRole("button", { name: "Grid of the batch" })).toBeVisible();

  const outputs = join(server.dataDir, "outputs");
  const [day = ""] = await readdir(join(outputs, "txt2img-images"));
  const pictures = (await readdir(join(outputs, "txt2img-images", day)))
    .filter((name) => name.endsWith(".webp"))
    .toSorted();
  expect(pictures.map((name) => name.replace(/^\d{5}/, "n"))).toEqual(["n-40-2s.webp", "n-41-2s.webp"]);
  expect(await readdir(join(outputs, "txt2img-grids", day))).toContain("grid-0000.jpg");
  await page.goto("/gallery");
  await page.getByRole("searchbox", { name: "Search in prompts" }).fill("a photo of a man in webp");
  await expect(page.getByLabel("Pictures", { exact: true }).getByRole("button")).toHaveCount(3);
});
