/** @file The history of a word on the real server and worker: it survives other trainings, a reload and a restart, and nothing is replaced without a copy. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";
import { chooseEmbedding, field, makeTwoWords, numbers } from "./training-page.ts";

// The page tries to reach the server while the server restarts.
test.use({ testFile: import.meta.url, expectedConsoleErrors: /ERR_CONNECTION_REFUSED|WebSocket connection/ });
// The second test continues from the embedding that the first test trained.
test.describe.configure({ mode: "serial", timeout: 420_000 });

/** The machine may be busy with other tests. */
const LONG = { timeout: 180_000 };

const copy = (page: Page, step: number) => page.getByRole("listitem", { name: `Step ${step}`, exact: true });

test.beforeAll(async ({ server }) => {
  await makeTwoWords(server);
});

test("a word's history survives another training, a reload and a restart", async ({ page, server }) => {
  await page.goto("/train");
  await chooseEmbedding(page, "mira");
  await expect(page.getByText("mira was not trained yet")).toBeVisible();
  await field(page, "Dataset directory").fill(join(server.dataDir, "datasets", "faces"));
  await expect(page.getByText("2 pictures, all with captions")).toBeVisible();
  await field(page, "Embedding learning rate").fill("5e-2");
  await field(page, "Width").fill("64");
  await field(page, "Height").fill("64");
  await field(page, "Max steps").fill("30");
  await field(page, "Save an image to log directory every N steps, 0 to disable").fill("10");
  await field(page, "Save a copy of embedding to log directory every N steps, 0 to disable").fill("10");
  await expect(page.getByText(/4 previews and 3 copies/)).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(numbers(page)).toHaveText(/^Done · 30 of 30 steps/, LONG);
  await expect(copy(page, 30).getByText("In use")).toBeVisible();
  await expect(page.getByTestId("copy")).toHaveCount(4);

  await chooseEmbedding(page, "vera");
  await expect(page.getByText("vera was not trained yet")).toBeVisible();
  await field(page, "Max steps").fill("4");
  await page.keyboard.press("Control+Enter");
  await expect(numbers(page)).toHaveText(/^Done · 4 of 4 steps/, LONG);

  await chooseEmbedding(page, "mira");
  await expectHistory(page);
  await page.reload();
  await expectHistory(page);
  await server.stop();
  await server.start();
  await page.reload();
  await expectHistory(page);
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
});

/** The chart, all previews and all copies of mira's run of 30 steps. */
async function expectHistory(page: Page): Promise<void> {
  await expect(numbers(page)).toHaveText(/30 of 30 steps/);
  await expect(page.getByTestId("loss-chart")).toBeVisible();
  for (const step of [0, 10, 20, 30])
    await expect(page.getByRole("button", { name: `Preview at step ${step}`, exact: true }).first()).toBeVisible();
  for (const step of [0, 10, 20, 30]) await expect(copy(page, step)).toBeVisible();
  await expect(copy(page, 30).getByText("In use")).toBeVisible();
  await expect(page.getByText("Best", { exact: true })).toHaveCount(1);
}

test("a run from an earlier copy is a branch; two presses start one training, and an undo brings back the replaced embedding", async ({
  page,
  server,
}) => {
  const embedding = join(server.dataDir, "embeddings", "mira.pt");
  await page.goto("/train");
  await chooseEmbedding(page, "mira");
  await field(page, "Dataset directory").fill(join(server.dataDir, "datasets", "faces"));
  await expect(page.getByText("2 pictures, all with captions")).toBeVisible();
  await field(page, "Embedding learning rate").fill("5e-2");
  await field(page, "Width").fill("64");
  await field(page, "Height").fill("64");
  await field(page, "Max steps").fill("25");
  const finished = await readFile(embedding);
  await page.getByRole("button", { name: "More for step 10" }).click();
  await page.getByRole("menuitem", { name: "Go on training from here" }).click();
  const goOnFrom = page.getByRole("combobox", { name: "Go on from" });
  await expect(goOnFrom).toHaveValue("Copy of step 10");
  await expect(page.getByText(/its step 30 stays as a copy/)).toBeVisible();

  const started: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/api/jobs")) started.push(request.url());
  });
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("button", { name: /^mira (is being|waits to be) trained/ })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Queue another" })).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(numbers(page)).toHaveText(/^Done · 25 of 25 steps/, LONG);
  expect(started).toHaveLength(1);

  await expect(goOnFrom).toHaveValue("The embedding as it is, step 25");
  await expect(page.getByRole("button", { name: /Run 2, steps 11 to 25, from step 10 of run 1/ })).toBeVisible();
  await expect(page.getByRole("button", { name: "Preview at step 0", exact: true })).toBeVisible();
  await expect(copy(page, 25).getByText("In use")).toBeVisible();
  expect((await readFile(embedding)).equals(finished)).toBe(false);

  await page.getByText(/This run took the place of mira at step 30/).waitFor();
  await page.getByRole("button", { name: "Undo", exact: true }).first().click();
  await expect(copy(page, 30).getByText("In use")).toBeVisible();
  expect((await readFile(embedding)).equals(finished)).toBe(true);
  await expect(page.getByText("In use now: the copy of step 30 of run 1")).toBeVisible();

  // A link in the list of jobs opens the word that the job trained.
  await chooseEmbedding(page, "vera");
  await page.getByRole("button", { name: /^Jobs/ }).click();
  await page.getByRole("region", { name: "Jobs" }).getByRole("link", { name: 'Train "mira"' }).first().click();
  await expect(page.getByRole("combobox", { name: "Embedding", exact: true })).toHaveValue("mira");
});
