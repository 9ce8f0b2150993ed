/** @file PNG Info in the browser: pictures of several programs, their missing parts, and the way to txt2img. */
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";
import { pngPicture } from "./png-picture.ts";

test.use({ testFile: import.meta.url });

const HERE = "28313ef462";
const INFOTEXT = [
  "a (castle:1.3) of badhand, <lora:add_detail:0.8>",
  "Negative prompt: blurry, 猫",
  `Steps: 28, Sampler: Euler SGM Turbo, Schedule type: Karras, CFG scale: 5.5, Seed: 1234567890, Size: 128x192, Model hash: deadbeef00, Model: gone, Clip skip: 2, TI hashes: "badhand: 5a1a5a1a5a1a", ControlNet 0: "Module: canny, Weight: 1", Version: f2.0.1v1.10.1`,
].join("\n");

function field(page: Page, name: string): Locator {
  return page.getByRole("textbox", { name, exact: true });
}

async function choose(page: Page, name: string, texts: Readonly<Record<string, string>>): Promise<void> {
  await page.getByLabel("Picture to read").setInputFiles({ name, mimeType: "image/png", buffer: pngPicture(texts) });
}

test("a picture's settings are read, missing parts are replaced by choice, and the settings go to txt2img", async ({
  page,
}) => {
  await page.goto("/txt2img");
  await field(page, "Prompt").fill("what I was writing");
  await page.getByRole("navigation", { name: "Tabs" }).getByRole("link", { name: "PNG Info" }).click();
  await expect(page.getByText("No picture yet")).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  await choose(page, "castle.png", { parameters: INFOTEXT });
  await expect(page.getByText("castle.png · 64 × 64")).toBeVisible();
  const table = page.getByRole("region", { name: "Parameters" });
  await expect(table.getByText("128 × 192")).toBeVisible();
  await expect(table.getByText("Module: canny, Weight: 1")).toBeVisible();
  await expect(page.getByTestId("infotext")).toHaveText(INFOTEXT);

  const notes = page.getByRole("region", { name: "Differences here" });
  await expect(notes.getByRole("listitem")).toContainText([
    "Sampling method “Euler SGM Turbo” is not here",
    "Model “gone” (deadbeef00) is not here",
    "Embedding “badhand” (5a1a5a1a5a1a) is not here",
    "LoRA “add_detail” is not supported",
    "Settings without effect here: ControlNet 0",
  ]);
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
  await notes.getByRole("combobox", { name: "Sampling method to use instead" }).click();
  await page.getByRole("option", { name: "Euler a", exact: true }).click();

  await page.getByRole("button", { name: "Send to txt2img" }).click();
  await expect(page).toHaveURL(/\/txt2img$/);
  await expect(field(page, "Prompt")).toHaveValue("a (castle:1.3) of badhand, <lora:add_detail:0.8>");
  await expect(field(page, "Negative prompt")).toHaveValue("blurry, 猫");
  await expect(field(page, "Sampling steps")).toHaveValue("28");
  await expect(field(page, "CFG Scale")).toHaveValue("5.5");
  await expect(field(page, "Seed")).toHaveValue("1234567890");
  await expect(field(page, "Height")).toHaveValue("192");
  await expect(page.getByRole("combobox", { name: "Sampling method", exact: true })).toHaveValue("Euler a");
  // The notes came along; another choice in them changes the field.
  await notes.getByRole("combobox", { name: "Sampling method to use instead" }).click();
  await page.getByRole("option", { name: "Heun", exact: true }).click();
  await expect(page.getByRole("combobox", { name: "Sampling method", exact: true })).toHaveValue("Heun");

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(field(page, "Prompt")).toHaveValue("what I was writing");
  await expect(notes).toHaveCount(0);
});

test("a checkpoint and a VAE that the picture names are used only for the next pictures of this form", async ({
  page,
  server,
}) => {
  const folder = join(server.dataDir, "models", "VAE");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "soft.safetensors"), "not read by this test");
  await page.goto("/png-info");
  await choose(page, "renamed.png", {
    parameters: `a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 128x128, Model hash: ${HERE}, Model: another-name, VAE: soft.safetensors`,
  });
  await expect(page.getByText("All of its settings can be used here")).toBeVisible();
  await page.keyboard.press("Control+Enter");
  const override = page.getByRole("group", { name: "VAE of this form" });
  await expect(override).toContainText("VAE soft.safetensors instead of the header’s");
  // The picture's checkpoint is the chosen one already.
  await expect(page.getByRole("group", { name: "Checkpoint of this form" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "VAE: Automatic" })).toBeVisible();
  await page.reload();
  await override.getByRole("button").click();
  await expect(override).toHaveCount(0);
});

test("a picture of the gallery is dragged to the tab, and one from outside onto the prompt", async ({
  page,
  server,
}) => {
  const day = join(server.dataDir, "outputs", "txt2img-images", "2026-01-02");
  await mkdir(day, { recursive: true });
  const infotext = "a lake\nSteps: 12, Sampler: Heun, CFG scale: 7, Seed: 77, Size: 128x128";
  await writeFile(join(day, "00000-77.png"), pngPicture({ parameters: infotext }));
  await page.goto("/gallery");
  const tile = page.getByLabel("Pictures", { exact: true }).getByRole("button", { name: "a lake" });
  await tile.dragTo(page.getByRole("navigation", { name: "Tabs" }).getByRole("link", { name: "PNG Info" }));
  await expect(page).toHaveURL(/\/png-info\?path=/);
  await expect(page.getByTestId("infotext")).toHaveText(infotext);
  // The address names the server's picture.
  await page.reload();
  await expect(page.getByTestId("infotext")).toHaveText(infotext);
  await page.getByRole("button", { name: "Read 00000-77.png" }).click();
  await expect(page.getByTestId("infotext")).toHaveText(infotext);

  await page.goto("/txt2img");
  await drop(field(page, "Prompt"), pngPicture({ parameters: infotext }));
  await expect(field(page, "Prompt")).toHaveValue("a lake");
  await expect(field(page, "Seed")).toHaveValue("77");
  await drop(field(page, "Prompt"), pngPicture({}));
  await expect(page.getByText("That picture does not say how it was made")).toBeVisible();
});

test("an infotext that was pasted into the prompt is read into the form", async ({ page }) => {
  await page.goto("/txt2img");
  await field(page, "Prompt").fill(INFOTEXT);
  await page.getByRole("button", { name: "Read them into the form" }).click();
  await expect(field(page, "Prompt")).toHaveValue("a (castle:1.3) of badhand, <lora:add_detail:0.8>");
  await expect(field(page, "Sampling steps")).toHaveValue("28");
  await expect(page.getByRole("region", { name: "Differences here" })).toBeVisible();
  await page.getByRole("button", { name: "Close these notes" }).click();
  await expect(page.getByRole("region", { name: "Differences here" })).toHaveCount(0);
});

test("the page says why a picture has no settings", async ({ page }) => {
  await page.goto("/png-info");
  await choose(page, "comfy.png", { workflow: '{"nodes":[]}', prompt: '{"3":{}}' });
  await expect(page.getByText("holds a ComfyUI workflow and no infotext")).toBeVisible();
  await expect(page.getByRole("button", { name: "Send to txt2img" })).toBeDisabled();
  await choose(page, "bare.png", {});
  await expect(page.getByText("does not say how it was made")).toBeVisible();
});

test.describe("a file that is no picture", () => {
  test.use({ expectedConsoleErrors: /status of 422 .*\/api\/picture-info/ });

  test("is refused by name; a file that is too large is not even sent", async ({ page }, info) => {
    await page.goto("/png-info");
    await page
      .getByLabel("Picture to read")
      .setInputFiles({ name: "diary.png", mimeType: "image/png", buffer: Buffer.from("dear diary") });
    await expect(page.getByRole("alert")).toContainText('"diary.png" cannot be read as a picture');
    const large = info.outputPath("large.png");
    const file = await open(large, "w");
    await file.truncate(70 * 2 ** 20);
    await file.close();
    await page.getByLabel("Picture to read").setInputFiles(large);
    await expect(page.getByRole("alert")).toContainText("“large.png” is too large to be a picture: 70 MiB");
    await expectAccessible(page);
  });
});

/** A file dropped from outside the browser. */
async function drop(target: Locator, png: Buffer): Promise<void> {
  const transfer = await target.page().evaluateHandle(
    (bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" }));
      return data;
    },
    [...png],
  );
  await target.dispatchEvent("dragover", { dataTransfer: transfer });
  await target.dispatchEvent("drop", { dataTransfer: transfer });
}
