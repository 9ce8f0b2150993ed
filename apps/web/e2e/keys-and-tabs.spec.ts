/** @file Keys, two tabs, drops and the places where things open: small promises of the page that a user meets every day. */
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";
import { pngPicture } from "./png-picture.ts";
import type { Page } from "@playwright/test";

test.use({ testFile: import.meta.url });

function field(page: Page, name: string) {
  return page.getByRole("textbox", { name, exact: true });
}

async function drawOne(page: Page, prompt: string): Promise<void> {
  await page.goto("/txt2img");
  await field(page, "Prompt").fill(prompt);
  await field(page, "Sampling steps").fill("2");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("button", { name: prompt })).toBeVisible({ timeout: 60_000 });
}

test("two tabs keep their own forms over a reload", async ({ page, context }) => {
  await page.goto("/txt2img");
  await field(page, "Prompt").fill("the first tab");
  const second = await context.newPage();
  await second.goto("/txt2img");
  await expect(field(second, "Prompt")).toHaveValue("the first tab");
  await field(second, "Prompt").fill("the second tab");
  await page.reload();
  await expect(field(page, "Prompt")).toHaveValue("the first tab");
  await second.reload();
  await expect(field(second, "Prompt")).toHaveValue("the second tab");
  await second.close();
});

test("a list is found in by typing, and X/Y/Z opens into view", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 640 });
  await page.goto("/txt2img");
  const sampler = page.getByRole("combobox", { name: "Sampling method", exact: true });
  await sampler.click();
  await page.keyboard.type("dpm++ sde");
  await expect(page.getByRole("option")).toHaveText(["DPM++ SDE"]);
  await page.keyboard.press("Enter");
  await expect(sampler).toHaveValue("DPM++ SDE");
  await sampler.fill("zzz");
  await expect(page.getByText("Nothing with these letters")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(sampler).toHaveValue("DPM++ SDE");

  const script = page.getByRole("combobox", { name: "Script", exact: true });
  await script.click();
  await page.keyboard.type("x/y");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("combobox", { name: "X type" })).toBeInViewport();
  await expect(field(page, "X values")).toBeInViewport();
  await expect(page.getByRole("combobox", { name: "Y type" })).toBeInViewport();
  await expectAccessible(page);
  await script.click();
  await page.keyboard.type("none");
  await page.keyboard.press("Enter");
});

test("a picture dropped on the results fills the form, and says so in a toast like the page", async ({ page }) => {
  await page.goto("/txt2img");
  const infotext = "a dropped lighthouse\nSteps: 7, Sampler: Euler, CFG scale: 5, Seed: 11, Size: 128x128";
  const transfer = await page.evaluateHandle(
    ([bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes!)], "dropped.png", { type: "image/png" }));
      return data;
    },
    [[...pngPicture({ parameters: infotext })]],
  );
  const results = page.getByRole("region", { name: "txt2img results" });
  await results.dispatchEvent("dragover", { dataTransfer: transfer });
  await results.dispatchEvent("drop", { dataTransfer: transfer });
  await expect(field(page, "Prompt")).toHaveValue("a dropped lighthouse");
  const toast = page.getByText("The form now holds the settings of that picture");
  await expect(toast).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(field(page, "Prompt")).not.toHaveValue("a dropped lighthouse");
  await expect(toast).toHaveCount(0);
  await results.dispatchEvent("drop", { dataTransfer: transfer });
  await expect(toast).toBeVisible();
  await expectAccessible(page);
});

test("a program's drawing does not take the place of the user's picture", async ({ page, server }) => {
  await drawOne(page, "the user's own picture");
  const answer = await page.request.post(`${server.url}/sdapi/v1/txt2img`, {
    data: { prompt: "a program's picture", steps: 2, width: 128, height: 128, save_images: true },
    timeout: 120_000,
  });
  expect(answer.status()).toBe(200);
  await expect(page.getByRole("button", { name: "the user's own picture" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "the user's own picture" })).toBeVisible();
  await page.getByRole("button", { name: "Jobs", exact: true }).click();
  await page.getByRole("region", { name: "Jobs" }).getByRole("link", { name: "a program's picture" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "a program's picture" })).toBeVisible();
});

test("Escape asks before it ends a job, and a new browser lands where a job runs", async ({
  page,
  browser,
  server,
}) => {
  await page.goto("/txt2img");
  await field(page, "Prompt").fill("a long drawing");
  await field(page, "Sampling steps").fill("150");
  await page.getByRole("textbox", { name: "Batch count" }).fill("20");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("progressbar", { name: "Drawing", exact: true })).toBeVisible({ timeout: 60_000 });

  const elsewhere = await browser.newContext();
  const fresh = await elsewhere.newPage();
  await fresh.goto(server.url);
  await expect(fresh).toHaveURL(/\/txt2img$/);
  await expect(fresh.getByRole("progressbar", { name: "Drawing", exact: true })).toBeVisible();
  await elsewhere.close();

  await page.keyboard.press("Escape");
  const question = page.getByRole("dialog", { name: "Cancel this job?" });
  await expect(question).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(question).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^Cancelled/).first()).toBeVisible();
});

// This test is last: another test's page does not know about the deletion and would ask for the deleted picture.
test("the viewer saves and deletes by key; a second Delete and a second Back do no harm", async ({ page }) => {
  for (const prompt of ["first of three", "second of three", "third of three"]) await drawOne(page, prompt);
  await page.goto("/gallery");
  const tiles = page.getByRole("region", { name: "Pictures" }).getByRole("button", { name: /of three/ });
  await expect(tiles).toHaveCount(3);
  await tiles.first().click();
  const viewer = page.getByRole("dialog");
  // The pictures of other tests are in the gallery too.
  const before = await viewer.getByText(/^1 \/ \d+$/).textContent();
  const count = Number(before?.slice("1 / ".length));
  const download = page.waitForEvent("download");
  await page.keyboard.press("s");
  expect((await download).suggestedFilename()).toMatch(/\.png$/);
  await page.keyboard.press("Delete");
  await page.keyboard.press("Delete");
  await expect(page.getByText("Picture moved to the bin")).toHaveCount(1);
  await expect(viewer.getByText(`1 / ${count - 1}`)).toBeVisible();
  await page.goBack();
  await page.goBack();
  await expect(viewer).toHaveCount(0);
  await expect(page).toHaveURL(/\/gallery$/);
  await expect(tiles).toHaveCount(2);
});
