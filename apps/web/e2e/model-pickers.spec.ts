/** @file The checkpoint list and the VAE picker of the header, on files that come and go. */
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

const DEMO_CHECKPOINT = fileURLToPath(new URL("../../../packages/demo/demo-world.safetensors", import.meta.url));
const DEMO_HASH = "28313ef462";

function options(page: Page) {
  return page.getByRole("listbox", { name: "Stable Diffusion checkpoint" }).getByRole("option");
}

// Events flow once the database of jobs is open. At the first start on a busy machine that takes longer than a test would wait.
test.beforeAll(async ({ server }) => {
  const answer = await fetch(`${server.url}/api/jobs`);
  expect(answer.ok).toBe(true);
});

test("the list follows the folder, is searched and shows every fact about a file", async ({
  page,
  server,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const folder = join(server.dataDir, "models", "Stable-diffusion");
  await page.goto("/create");
  await page.getByRole("button", { name: /^Stable Diffusion checkpoint: demo-world/ }).click();
  await expect(options(page)).toHaveCount(1);

  // While the list is open: a usable file in a sub-folder, and an unusable file.
  await mkdir(join(folder, "anime"), { recursive: true });
  await copyFile(DEMO_CHECKPOINT, join(folder, "anime", "dream.safetensors"));
  await writeFile(join(folder, "holiday.safetensors"), "a diary, not a checkpoint");
  await expect(options(page)).toHaveCount(3);
  await expect(options(page).filter({ hasText: "holiday" })).toContainText("not a safetensors file");
  await expect(options(page).filter({ hasText: "holiday" })).toBeDisabled();
  await expect(page.getByText("Cannot be used here")).toBeVisible();

  const search = page.getByRole("textbox", { name: "Search checkpoints" });
  await search.fill("anime");
  await expect(options(page)).toHaveCount(1);
  await search.press("ArrowDown");
  const details = page.getByRole("region", { name: "Details of dream" });
  await expect(details.getByText(DEMO_HASH, { exact: true })).toBeVisible();
  await expect(details.getByText("noise (epsilon)")).toBeVisible();
  await expect(details.getByText("128 × 128")).toBeVisible();
  await details.getByRole("button", { name: "Copy sha256" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(new RegExp(`^${DEMO_HASH}[0-9a-f]{54}$`));
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  // The list is used by key; a hash finds files too.
  await search.fill(DEMO_HASH);
  await expect(options(page)).toHaveCount(2);
  await search.fill("dream");
  await search.press("ArrowDown");
  await search.press("Enter");
  await expect(page.getByRole("button", { name: "Stable Diffusion checkpoint: dream" })).toBeVisible();

  await rm(join(folder, "anime"), { recursive: true });
  await expect(page.getByRole("button", { name: "Stable Diffusion checkpoint: demo-world" })).toBeVisible();
});

test("a VAE appears when its file does, is chosen for all jobs, and decodes a picture", async ({ page, server }) => {
  const folder = join(server.dataDir, "models", "VAE");
  await page.goto("/txt2img");
  await page.getByRole("button", { name: "VAE: Automatic" }).click();
  await expect(page.getByRole("menuitem")).toHaveText([/^Automatic/, /^None/]);
  await mkdir(folder, { recursive: true });
  await copyFile(DEMO_CHECKPOINT, join(folder, "soft.safetensors"));
  await expect(page.getByRole("menuitem", { name: /^soft/ })).toContainText(DEMO_HASH);
  await expectAccessible(page);
  await page.getByRole("menuitem", { name: /^soft/ }).click();
  await expect(page.getByRole("button", { name: "VAE: soft" })).toBeVisible();

  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("a photo of a woman");
  await page.getByRole("textbox", { name: "Sampling steps" }).fill("2");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("infotext")).toContainText(`VAE hash: ${DEMO_HASH}, VAE: soft.safetensors`, {
    timeout: 90_000,
  });

  await page.reload();
  await expect(page.getByRole("button", { name: "VAE: soft" })).toBeVisible();
  await rm(join(folder, "soft.safetensors"));
  await expect(page.getByRole("button", { name: "VAE: Automatic" })).toBeVisible();
});

test("on a phone the VAE is chosen in the checkpoint list", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/txt2img");
  await page.getByRole("button", { name: /^Stable Diffusion checkpoint/ }).click();
  await page.getByRole("combobox", { name: "VAE" }).selectOption("None");
  await expect.poll(() => page.evaluate(async () => (await (await fetch("/api/system")).json()).vae)).toBe("None");
});
