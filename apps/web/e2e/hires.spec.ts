/** @file Hires fix in the txt2img tab on the real server and worker: its fields, a picture of two passes, and its settings used again. */
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

const UPSCALER = "Latent (nearest-exact)";

function field(page: Page, name: string) {
  return page.getByRole("textbox", { name, exact: true });
}

function hires(page: Page) {
  return page.getByRole("region", { name: "Hires. fix" });
}

test("a picture is drawn in two passes, and its settings come back with it", async ({ page }) => {
  await page.goto("/txt2img");
  const section = hires(page);
  const enabled = section.getByRole("checkbox", { name: "Hires. fix" });
  await expect(section.getByText(/^from/)).toHaveCount(0);
  await enabled.check();
  await expect(section.getByText("from 128 × 128 to 256 × 256")).toBeVisible();
  await expect(page.getByText(/^1 picture of 256 × 256 · /)).toBeVisible();

  await section.getByRole("combobox", { name: "Upscaler" }).click();
  const options = page.getByRole("option");
  await expect(options.first()).toHaveText("Latent");
  await expect(options.filter({ hasText: "Lanczos" })).toHaveCount(1);
  await page.getByRole("option", { name: UPSCALER, exact: true }).click();
  await field(page, "Prompt").fill("a photo of a woman");
  await field(page, "Sampling steps").fill("6");
  await field(page, "Seed").fill("7");
  await field(page, "Hires steps").fill("5");
  await field(page, "Denoising strength").fill("0.6");
  await field(page, "Upscale by").fill("1.5");
  await expect(section.getByText("from 128 × 128 to 192 × 192")).toBeVisible();
  await field(page, "Resize width to").fill("160");
  await field(page, "Resize height to").fill("192");
  await expect(section.getByText("from 128 × 128 to 160 × 192")).toBeVisible();
  await expect(field(page, "Upscale by")).toBeDisabled();
  await section.getByRole("button", { name: "Prompts and sampler of the second pass" }).click();
  await field(page, "Hires prompt").fill("an oil painting of a woman");
  await section.getByRole("combobox", { name: "Hires sampling method" }).click();
  await page.getByRole("option", { name: "Euler a", exact: true }).click();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  await page.keyboard.press("Escape");
  await field(page, "Prompt").press("Control+Enter");
  const results = page.getByRole("region", { name: "txt2img results" });
  await expect(results.getByRole("status").filter({ hasText: /of \d+ steps/ })).toBeVisible({ timeout: 110_000 });
  const infotext = page.getByTestId("infotext");
  await expect(infotext).toBeVisible({ timeout: 110_000 });
  await expect(infotext).toContainText("Size: 128x128");
  await expect(infotext).toContainText("Denoising strength: 0.6");
  await expect(infotext).toContainText(
    `Hires sampler: Euler a, Hires prompt: an oil painting of a woman, Hires schedule type: Automatic, Hires resize: 160x192, Hires steps: 5, Hires upscaler: ${UPSCALER}`,
  );
  const size = await page
    .getByTestId("stage")
    .getByRole("img")
    .evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
  expect(size).toEqual([160, 192]);

  await enabled.uncheck();
  await field(page, "Prompt").fill("something else");
  await results.getByRole("button", { name: "Use these settings again" }).click();
  await expect(field(page, "Prompt")).toHaveValue("a photo of a woman");
  await expect(enabled).toBeChecked();
  await page.reload();
  await expect(section.getByText("from 128 × 128 to 160 × 192")).toBeVisible();
  await expect(field(page, "Hires prompt")).toHaveValue("an oil painting of a woman");
  await expect(section.getByRole("combobox", { name: "Hires sampling method" })).toHaveValue("Euler a");
  await expect(section.getByRole("combobox", { name: "Upscaler" })).toHaveValue(UPSCALER);
});

test.describe("an upscaler of an infotext", () => {
  test.use({ expectedConsoleErrors: /status of 404 .*\/api\/jobs/ });

  test("is marked if it is missing, and refused beside its field", async ({ page }) => {
    await page.goto("/txt2img");
    await page.evaluate(() =>
      sessionStorage.setItem("lexeme.form.txt2img", JSON.stringify({ enableHr: true, hrUpscaler: "4x-gone" })),
    );
    await page.reload();
    const section = hires(page);
    await expect(section.getByRole("combobox", { name: "Upscaler" })).toHaveValue("4x-gone (not here)");
    await page.getByRole("button", { name: /^Generate/ }).click();
    await expect(section.getByText(/There is no upscaler "4x-gone"/)).toBeVisible();
    await section.getByRole("combobox", { name: "Upscaler" }).click();
    await page.getByRole("option", { name: "Latent", exact: true }).click();
    await expect(section.getByText(/There is no upscaler/)).toHaveCount(0);
  });
});
