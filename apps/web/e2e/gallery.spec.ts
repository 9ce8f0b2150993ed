/** @file The gallery: its days, filters, tile sizes, and what is done with many pictures at once. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";
import { pngPicture } from "./png-picture.ts";

test.use({ testFile: import.meta.url });

const SETTINGS = "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 7, Size: 8x8";

test.beforeAll(async ({ server }) => {
  const put = async (folder: string, file: string, prompt: string, more = ""): Promise<void> => {
    const path = join(server.dataDir, "outputs", folder, file);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, pngPicture({ parameters: `${prompt}\n${SETTINGS}${more}` }));
  };
  await put("txt2img-images/2026-11-20", "old.png", "a lighthouse", ", Model: one");
  await put("txt2img-images/2026-11-21", "a.png", "a photo of zork", ", Model: one");
  await put("txt2img-images/2026-11-21", "b.png", "a photo of zork at night", ", Model: two");
  await put("txt2img-images/2026-11-21", "c.png", "a harbour", ", Model: two");
  await put("txt2img-grids/2026-11-21", "grid-0000.png", "a photo of zork, all", ", Model: one");
  // Written last: the day that its folder says counts, not the time of the file.
  await put("txt2img-images/2026-11-19", "oldest.png", "a bridge", ", Model: one");
});

test("days are in order, and filters, tiles and the viewer work on them", async ({ page, server }) => {
  await page.request.post(`${server.url}/api/embeddings`, { data: { name: "zork", initText: "woman" } });
  await page.goto("/gallery");
  const pictures = page.getByRole("region", { name: "Pictures" });
  const tiles = pictures.getByRole("button");
  await expect(tiles).toHaveCount(6);
  await expect(pictures.getByRole("heading")).toHaveText([/21 November/, /20 November/, /19 November/]);

  await page.getByRole("button", { name: "Filter" }).click();
  const filters = page.getByRole("dialog", { name: "Filter" });
  await filters.getByText("Pictures", { exact: true }).click();
  await filters.getByRole("combobox", { name: "Word in the prompt" }).click();
  await page.keyboard.type("zor");
  await page.keyboard.press("Enter");
  await expect(tiles).toHaveCount(2);
  await filters.getByRole("combobox", { name: "Checkpoint" }).click();
  await page.getByRole("option", { name: "two" }).click();
  await expect(tiles).toHaveCount(1);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(filters).toHaveCount(0);
  await page.getByRole("button", { name: "Do not filter by two" }).click();
  await expect(tiles).toHaveCount(2);
  await expectNoOverflowOnPhone(page);
  await page.getByRole("button", { name: "Do not filter by zork" }).click();
  await page.getByRole("button", { name: "Do not filter by Pictures" }).click();
  await expect(tiles).toHaveCount(6);

  const before = (await tiles.first().boundingBox())!.width;
  await page.getByText("Very large tiles").locator("..").click();
  await expect.poll(async () => (await tiles.first().boundingBox())!.width).toBeGreaterThan(before * 1.8);
  await page.reload();
  await expect.poll(async () => (await tiles.first().boundingBox())!.width).toBeGreaterThan(before * 1.8);
});

test("several pictures are selected, compared, downloaded as a zip, deleted and brought back", async ({ page }) => {
  await page.goto("/gallery");
  const pictures = page.getByRole("region", { name: "Pictures" });
  const tiles = pictures.getByRole("button");
  await expect(tiles).toHaveCount(6);
  // By keyboard: the box of a picture follows the picture.
  await pictures.getByRole("checkbox", { name: "Select a photo of zork", exact: true }).focus();
  await page.keyboard.press("Space");
  const bar = page.getByRole("group", { name: "Selected pictures" });
  await expect(bar).toContainText("1 picture selected");
  await pictures.getByRole("button", { name: "a photo of zork at night" }).click();
  await expect(bar).toContainText("2 pictures selected");
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  await bar.getByRole("button", { name: "Compare two" }).click();
  const compared = page.getByRole("dialog", { name: "Compare two pictures" });
  await expect(compared.getByRole("row").nth(1)).toHaveText(/Prompt.*zork.*zork at night|Prompt.*zork at night.*zork/);
  await expect(compared.getByRole("row").filter({ hasText: "Model" })).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
  await page.goBack();
  await expect(compared).toHaveCount(0);
  await expect(page).toHaveURL(/\/gallery$/);

  const download = page.waitForEvent("download");
  await bar.getByRole("button", { name: "Download as zip" }).click();
  expect((await download).suggestedFilename()).toMatch(/^lexeme-.*\.zip$/);

  await tiles.first().click({ modifiers: ["Shift"] });
  await bar.getByRole("button", { name: "Select all shown" }).click();
  await expect(bar).toContainText("6 pictures selected");
  await page.keyboard.press("Escape");
  await expect(bar).toHaveCount(0);
  await page.getByRole("button", { name: "Select", exact: true }).click();
  await tiles.nth(0).click();
  await tiles.nth(2).click({ modifiers: ["Shift"] });
  await expect(bar).toContainText("3 pictures selected");
  await bar.getByRole("button", { name: "Delete" }).click();
  await expect(tiles).toHaveCount(3);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(tiles).toHaveCount(6);
});
