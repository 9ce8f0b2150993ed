/** @file The txt2img tab and the gallery on the real server and worker. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

/** More digits than a double holds. */
const SEED = "12345678901234567890";
/** Words by which the tests find their own pictures, because the tests of this file share a server. */
const OWN_WORDS = "teal scarf";
const STORY = "A (((oil painting))) of [[[[[mira]]]]] by (((Leonardo da Vinci)))), teal scarf";

function field(page: Page, name: string) {
  return page.getByRole("textbox", { name, exact: true });
}

test.beforeAll(async ({ server }) => {
  const answer = await fetch(`${server.url}/api/embeddings`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "mira", initText: "woman", overwriteOld: true }),
  });
  expect(answer.ok).toBe(true);
});

test("the prompt counts tokens, completes names, changes weights by key, and hints at brackets", async ({ page }) => {
  await page.goto("/txt2img");
  const prompt = field(page, "Prompt");
  await prompt.click();
  await prompt.pressSequentially("a photo of mir");
  await expect(page.getByRole("listbox", { name: "Embeddings" }).getByRole("option")).toHaveText(["mira"]);
  await page.keyboard.press("Tab");
  await expect(prompt).toHaveValue("a photo of mira");
  await expect(page.getByText("4/75")).toBeVisible();

  await page.keyboard.press("Control+ArrowUp");
  await page.keyboard.press("Control+ArrowUp");
  await expect(prompt).toHaveValue("a photo of (mira:1.2)");
  await page.keyboard.press("Control+z");
  await expect(prompt).not.toHaveValue("a photo of (mira:1.2)");

  await prompt.fill(STORY);
  await expect(page.getByRole("button", { name: /read as text/ })).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
});

test("pictures are drawn with the typed settings, with a live preview, and are in the gallery at once", async ({
  page,
  server,
}) => {
  await page.goto("/txt2img");
  await field(page, "Prompt").fill(STORY);
  await field(page, "Sampling steps").fill("25");
  await field(page, "CFG Scale").fill("4");
  await field(page, "Seed").fill(SEED);
  await field(page, "Batch count").fill("3");
  await expect(page.getByText(/^3 pictures of 128 × 128 · .*overwrites nothing$/)).toBeVisible();
  await page.keyboard.press("Control+Enter");
  const stage = page.getByTestId("stage");
  await expect(stage.getByAltText("The unfinished picture")).toBeVisible({ timeout: 60_000 });
  const before = await stage.boundingBox();
  await expect(page.getByTestId("infotext")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("button", { name: /^Picture \d: finished$/ })).toHaveCount(3);
  expect(await stage.boundingBox()).toEqual(before);
  await page.getByRole("button", { name: "Picture 1: finished" }).click();
  await expect(page.getByTestId("infotext")).toContainText(STORY);
  await expect(page.getByTestId("infotext")).toContainText(`Seed: ${SEED}, Size: 128x128`);
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  const day = (await readdir(join(server.dataDir, "outputs", "txt2img-images")))[0] ?? "";
  const files = await readdir(join(server.dataDir, "outputs", "txt2img-images", day));
  expect(files.filter((name) => /^\d{5}-1234567890123456789[012]\.png$/.test(name))).toHaveLength(3);

  await page.reload();
  await expect(page.getByTestId("infotext")).toContainText(STORY);

  await page.getByRole("navigation", { name: "Tabs" }).getByRole("link", { name: "Gallery", exact: true }).click();
  const pictures = page.getByLabel("Pictures", { exact: true }).getByRole("button");
  await expect(pictures.first()).toBeVisible();
  await page.getByRole("searchbox", { name: "Search in prompts" }).fill("nothing says this");
  await expect(page.getByText("No prompt contains “nothing says this”")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search in prompts" }).fill(OWN_WORDS.toUpperCase());
  // Three pictures and their grid.
  await expect(pictures).toHaveCount(4);
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
});

test("a picture is deleted and brought back, and its settings are used again", async ({ page }) => {
  await page.goto("/gallery");
  await page.getByRole("searchbox", { name: "Search in prompts" }).fill(OWN_WORDS);
  const pictures = page.getByLabel("Pictures", { exact: true }).getByRole("button");
  await expect(pictures).toHaveCount(4);
  await pictures.last().click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.keyboard.press("Escape");
  await expect(pictures).toHaveCount(3);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(pictures).toHaveCount(4);

  await pictures.last().click();
  await page.getByRole("button", { name: "Use these settings again" }).click();
  await expect(page).toHaveURL(/\/txt2img$/);
  await expect(field(page, "Prompt")).toHaveValue(STORY);
  await expect(field(page, "Seed")).toHaveValue(SEED);
  await expect(field(page, "CFG Scale")).toHaveValue("4");
});

test("a drawing can be cancelled at once", async ({ page }) => {
  await page.goto("/txt2img");
  await field(page, "Prompt").fill("a photo of mira");
  await field(page, "Sampling steps").fill("150");
  await field(page, "Batch count").fill("20");
  await page.keyboard.press("Control+Enter");
  const results = page.getByRole("region", { name: "txt2img results" });
  // The same is read aloud, from a text that is not seen.
  const seen = results.getByText(/^Picture 1 of 20/).and(page.locator(":not([role=status])"));
  await expect(seen).toBeVisible({ timeout: 110_000 });
  await results.getByRole("button", { name: "Cancel" }).click();
  await expect(results.getByRole("status").filter({ hasText: /^Cancelled/ })).toBeVisible({ timeout: 5_000 });
});

// This test is last: another test's page does not know about the deletion and would ask for the deleted picture.
test("a deleted picture leaves its place empty, also after a reload", async ({ page }) => {
  await page.goto("/txt2img");
  await field(page, "Prompt").fill("a photo of mira");
  await field(page, "Sampling steps").fill("4");
  await field(page, "Batch count").fill("2");
  await page.keyboard.press("Control+Enter");
  const slots = page.getByRole("button", { name: /^Picture \d: finished$/ });
  await expect(slots).toHaveCount(2, { timeout: 60_000 });
  await page.getByRole("region", { name: "txt2img results" }).getByRole("button", { name: "Delete" }).click();
  await expect(slots).toHaveCount(1);
  await page.reload();
  await expect(slots).toHaveCount(1);
  await expect(page.getByText("Picture cannot be shown")).toHaveCount(0);
});
