/** @file The Train page on the real server: lines that follow the facts, a chart that stays in its place, more steps after the end, and a phone's screen. */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";
import { chooseEmbedding, field, makeTwoWords, numbers, PHOTOS } from "./training-page.ts";

// The browser logs the answer about a folder that is not there.
test.use({ testFile: import.meta.url, expectedConsoleErrors: /status of 404 .*\/api\/dataset/ });
test.describe.configure({ mode: "serial", timeout: 420_000 });

/** The machine may be busy with other tests. */
const LONG = { timeout: 180_000 };

const startLine = (page: Page) => page.getByRole("region", { name: "Train settings" }).getByRole("status");

/** Fills in a small training of the faces with previews and copies at every tenth step. */
async function fillIn(page: Page, name: string, { folder, steps }: { folder: string; steps: number }): Promise<void> {
  await page.goto("/train");
  await chooseEmbedding(page, name);
  await field(page, "Dataset directory").fill(folder);
  await field(page, "Embedding learning rate").fill("5e-3");
  await field(page, "Width").fill("64");
  await field(page, "Height").fill("64");
  await field(page, "Max steps").fill(String(steps));
  await field(page, "Save an image to log directory every N steps, 0 to disable").fill("10");
  await field(page, "Save a copy of embedding to log directory every N steps, 0 to disable").fill("10");
}

test.beforeAll(async ({ server }) => {
  await makeTwoWords(server);
});

test("the line under the button forecasts nothing for a folder that is not there, and follows the folder", async ({
  page,
  server,
}) => {
  const folder = join(server.dataDir, "datasets", "faces");
  await fillIn(page, "mira", { folder, steps: 20 });
  await expect(startLine(page)).toHaveText(/^20 steps/);
  await rename(folder, `${folder}-away`);
  await expect(startLine(page)).toContainText(`There is nothing at "${folder}"`);
  await expect(startLine(page)).toHaveAttribute("data-tone", "problem");
  await rename(`${folder}-away`, folder);
  await expect(startLine(page)).toHaveText(/^20 steps/);
  await field(page, "Dataset directory").fill(`${folder}-no`);
  await expect(startLine(page)).toContainText(`There is nothing at "${folder}-no"`);
});

test("the chart stays in its place from the first moment to the first numbers, and the end offers more steps", async ({
  page,
  server,
}) => {
  await fillIn(page, "mira", { folder: join(server.dataDir, "datasets", "faces"), steps: 20 });
  await expect(startLine(page)).toHaveText(/^20 steps/);
  await page.evaluate(() => {
    const tops = new Set<number>();
    Object.assign(globalThis, { tops });
    const look = () => {
      const chart = document.querySelector('[data-testid="loss-chart"]');
      const isRunning = document.querySelector('[role="progressbar"][aria-label="Training"][data-state="running"]');
      if (chart !== null && isRunning !== null) tops.add(Math.round(chart.getBoundingClientRect().top));
      requestAnimationFrame(look);
    };
    look();
  });
  await page.keyboard.press("Control+Enter");
  await expect(numbers(page)).toHaveText(/^Done · 20 of 20 steps/, LONG);
  const tops = await page.evaluate(() => [...(globalThis as unknown as { tops: Set<number> }).tops]);
  expect(tops.length).toBeGreaterThan(0);
  expect(Math.max(...tops) - Math.min(...tops)).toBeLessThanOrEqual(2);

  await expect(startLine(page)).toHaveText("All 20 steps are done");
  await expect(startLine(page)).toHaveAttribute("data-tone", "plain");
  await expect(page.getByTestId("health")).toHaveText(/at the start$/);
  await expectAccessible(page);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Train 100 more steps" }).click();
  await expect(numbers(page)).toHaveText(/^Done · 120 of 120 steps/, LONG);
  await expect(field(page, "Max steps")).toHaveValue("120");
  await expect(startLine(page)).toHaveText("All 120 steps are done");
});

test("a second training of a word waits only if it has steps left after the first", async ({ page, server }) => {
  await fillIn(page, "vera", { folder: join(server.dataDir, "datasets", "faces"), steps: 4000 });
  await expect(startLine(page)).toHaveText(/^4,000 steps/);
  await page.keyboard.press("Control+Enter");
  await expect(startLine(page)).toHaveText("The training ends at step 4,000: raise Max steps to queue another");
  await expect(page.getByRole("button", { name: "Queue another" })).toBeDisabled();
  await field(page, "Max steps").fill("4010");
  await expect(startLine(page)).toHaveText(/^Steps 4,001 to 4,010/);
  await expect(page.getByRole("button", { name: "Queue another" })).toBeEnabled();
  // Only the columns scroll: nothing in them lengthens the document, whose header would scroll away.
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(0);
});

test("on a phone the start bar stays with the settings, and a training has one button that stops it and one that cancels it", async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/train");
  await chooseEmbedding(page, "vera");
  await expect(numbers(page)).toHaveText(/of 4,000 steps/, LONG);
  const startBar = page.getByRole("button", { name: "vera is being trained" });
  const chart = page.getByTestId("loss-chart");
  const followTitle = () => page.getByRole("region", { name: "Jobs" }).getByRole("link").click();
  await expect(startBar).toBeInViewport();
  await followTitle();
  await expect(chart).toBeInViewport();
  // From another word and from another tab the title leads to the same place.
  await chooseEmbedding(page, "mira");
  await expect(chart).not.toBeInViewport();
  await followTitle();
  await expect(numbers(page)).toHaveText(/of 4,000 steps/, LONG);
  await expect(chart).toBeInViewport();
  await page.goto("/gallery");
  await followTitle();
  await expect(chart).toBeInViewport();
  await expect(startBar).not.toBeInViewport();
  const visible = (name: string) => page.getByRole("button", { name, exact: true }).filter({ visible: true });
  await expect(visible("Stop")).toHaveCount(1);
  await expect(visible("Cancel")).toHaveCount(1);
  await expectNoOverflowOnPhone(page);
  // Elsewhere the line at the bottom has the button.
  await chooseEmbedding(page, "mira");
  await expect(numbers(page)).toHaveText(/120 of 120 steps/);
  await expect(visible("Stop")).toHaveCount(1);
  await visible("Stop").click();
  await chooseEmbedding(page, "vera");
  await expect(numbers(page)).toHaveText(/^Stopped · /, LONG);
});

test("on a phone the start bar of Preprocess gives way to the captions", async ({ page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/preprocess");
  await field(page, "Source directory").fill(PHOTOS);
  await field(page, "Destination directory").fill(join(server.dataDir, "datasets", "faces"));
  const startBar = page.getByRole("button", { name: "Preprocess", exact: true });
  await expect(startBar).toBeInViewport();
  await page
    .getByRole("textbox", { name: /^Caption of picture 2,/ })
    .evaluate((caption) => caption.scrollIntoView({ block: "end" }));
  await expect(page.getByRole("textbox", { name: /^Caption of picture 2,/ })).toBeInViewport({ ratio: 0.9 });
  await expect(startBar).not.toBeInViewport();
});
