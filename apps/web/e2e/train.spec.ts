/** @file The Train tab on the real server and worker: settings, a run that is watched live and after a reload and stopped, its copies, and the way to txt2img. */
import { cp, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

const PHOTOS = fileURLToPath(new URL("../../../packages/demo/photos", import.meta.url));
const STORY = "5e-2:100,5e-3:500,5e-4:1000, 5e-5:1500,5e-6";

function field(page: Page, name: string) {
  return page.getByRole("textbox", { name, exact: true });
}

test.beforeAll(async ({ server }) => {
  const dataset = join(server.dataDir, "datasets", "mira");
  await mkdir(dataset, { recursive: true });
  for (const name of ["01", "02", "03", "04"]) {
    await cp(join(PHOTOS, `${name}.jpg`), join(dataset, `${name}.jpg`));
    await writeFile(join(dataset, `${name}.txt`), `picture ${name}, smiling`);
  }
  const answer = await fetch(`${server.url}/api/embeddings`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "mira", initText: "woman", overwriteOld: true }),
  });
  expect(answer.ok).toBe(true);
});

test("the schedule is drawn as it is typed, and an unreadable part is marked", async ({ page }) => {
  await page.goto("/train");
  const rate = field(page, "Embedding learning rate");
  await rate.fill(STORY);
  await field(page, "Max steps").fill("2000");
  await expect(page.getByRole("img", { name: /^0\.05 until step 100, then 0\.005 until step 500/ })).toBeVisible();
  await rate.fill("5e-2:100, 5e-x:500");
  await expect(page.getByTestId("schedule-fault")).toHaveText("5e-x");
  await expect(page.getByText("The learning rate cannot be read yet")).toBeVisible();
  await page.reload();
  await expect(rate).toHaveValue("5e-2:100, 5e-x:500");
  await page.getByRole("button", { name: "Fast, then fine" }).click();
  await expect(rate).toHaveValue(STORY);
  await field(page, "Width").fill("130");
  await expect(page.getByText("Rounded down to 128")).toBeVisible();
  await page.getByRole("button", { name: "Advanced" }).click();
  await page.getByRole("button", { name: "Previews" }).click();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
});

test("a run is watched, survives a reload, is stopped, and leads on to txt2img", async ({ page, server }) => {
  test.setTimeout(240_000);
  await page.goto("/train");
  await page.getByRole("combobox", { name: "Embedding", exact: true }).click();
  await page.getByRole("option", { name: /^mira/ }).click();
  await field(page, "Dataset directory").fill(join(server.dataDir, "datasets", "mira"));
  await expect(page.getByText("4 pictures, all with captions")).toBeVisible();
  await page.getByRole("combobox", { name: "Prompt template" }).click();
  await page.getByRole("option", { name: "subject_filewords.txt" }).click();
  await expect(page.getByText(/a photo of a mira, picture 01, smiling/)).toBeVisible();
  await page.getByRole("button", { name: "Fast, then fine" }).click();
  await field(page, "Width").fill("128");
  await field(page, "Save an image to log directory every N steps, 0 to disable").fill("10");
  await field(page, "Save a copy of embedding to log directory every N steps, 0 to disable").fill("10");
  await expect(
    page.getByText(/^2,000 steps · .*201 previews and 200 copies · updates mira\.pt, overwrites nothing else/),
  ).toBeVisible();
  await page.keyboard.press("Control+Enter");

  const numbers = page.getByTestId("training-numbers");
  await expect(numbers).toHaveText(/\d+ of 2,000 steps/, { timeout: 60_000 });
  const health = page.getByTestId("health");
  await expect(health).toHaveText(/than at the start|as at the start|Nothing learned yet/, { timeout: 60_000 });
  await health.getByRole("button").click();
  await expect(page.getByText(/^Loss at fixed noise: 0\.\d+ at the start/)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Preview at step 20" }).first()).toBeVisible({ timeout: 120_000 });

  await page.reload();
  await expect(numbers).toHaveText(/\d+ of 2,000 steps/);
  await expect(page.getByRole("button", { name: "Preview at step 20" }).first()).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  await page.getByRole("region", { name: "Train results" }).getByRole("button", { name: "Stop" }).click();
  await expect(numbers).toHaveText(/^Stopped · \d+ of 2,000 steps/, { timeout: 60_000 });
  await expectAccessible(page);
  const embedding = join(server.dataDir, "embeddings", "mira.pt");
  const learned = await readFile(embedding);

  const all = page.getByRole("button", { name: /^Show all \d+ copies/ });
  await all
    .or(page.getByRole("listitem", { name: "Step 10", exact: true }))
    .first()
    .waitFor();
  if (await all.isVisible()) await all.click();
  await page
    .getByRole("listitem", { name: "Step 10", exact: true })
    .getByRole("button", { name: "Use this copy" })
    .click();
  await expect(page.getByText("mira is now the copy of step 10", { exact: false })).toBeVisible();
  expect((await readFile(embedding)).equals(learned)).toBe(false);
  expect((await stat(embedding)).size).toBeGreaterThan(0);
  await expect(page.getByText("1 vector · trained for 10 steps").first()).toBeVisible();

  await page.getByRole("button", { name: "Next: try it in txt2img" }).click();
  await expect(page).toHaveURL(/\/txt2img$/);
  await expect(field(page, "Prompt")).toHaveValue("a photo of mira");
});

test("a cancelled run asks first and leaves the embedding as it was", async ({ page, server }) => {
  test.setTimeout(240_000);
  const embedding = join(server.dataDir, "embeddings", "mira.pt");
  const before = await readFile(embedding);
  await page.goto("/train");
  await page.getByRole("combobox", { name: "Embedding", exact: true }).click();
  await page.getByRole("option", { name: /^mira/ }).click();
  await field(page, "Dataset directory").fill(join(server.dataDir, "datasets", "mira"));
  await expect(page.getByText("4 pictures, all with captions")).toBeVisible();
  await page.getByRole("button", { name: "Fast, then fine" }).click();
  await page.keyboard.press("Control+Enter");
  const results = page.getByRole("region", { name: "Train results" });
  await expect(page.getByTestId("training-numbers")).toHaveText(/^\d+ of 2,000 steps/, { timeout: 180_000 });
  await results.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Cancel training" }).click();
  await expect(page.getByTestId("training-numbers")).toHaveText(/^Cancelled/);
  expect((await readFile(embedding)).equals(before)).toBe(true);
});
