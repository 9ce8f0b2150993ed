/** @file The settings page on the real server: options are found, changed, refused, reset and brought back, and act on other tabs. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

const stored = async (dataDir: string) =>
  JSON.parse(await readFile(join(dataDir, ".lexeme", "settings.json"), "utf8")) as Record<string, unknown>;

async function resetAll(page: Page, url: string): Promise<void> {
  await page.request.post(`${url}/api/options/reset`, { data: {}, headers: { origin: url } });
}

test.beforeEach(async ({ page, server }) => {
  await resetAll(page, server.url);
});

test("an option is found by A1111's name, changed at once, marked, and reset by one click", async ({
  page,
  server,
}) => {
  await page.goto("/txt2img");
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page).toHaveTitle("Settings · Lexeme");
  await page.getByRole("searchbox", { name: "Search the settings" }).fill("CLIP_stop");
  const row = page.locator('[data-option="CLIP_stop_at_last_layers"]');
  await expect(page.locator("[data-option]")).toHaveCount(1);
  await expect(row.getByRole("img", { name: "changed" })).toBeHidden();

  await row.getByRole("textbox", { name: "Clip skip" }).fill("2");
  await expect(page.getByRole("status").filter({ hasText: "Saved" })).toBeVisible();
  await expect(row.getByRole("img", { name: "changed" })).toBeVisible();
  expect(await stored(server.dataDir)).toEqual({ CLIP_stop_at_last_layers: 2 });

  await row.getByRole("button", { name: "Reset Clip skip" }).click();
  await expect(row.getByRole("textbox")).toHaveValue("1");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row.getByRole("textbox")).toHaveValue("2");
});

test("the forms take an option as their default, and a field that the user set stays", async ({ page, server }) => {
  await page.request.put(`${server.url}/api/options`, {
    data: { CLIP_stop_at_last_layers: 2, emphasis: "No norm" },
    headers: { origin: server.url },
  });
  await page.goto("/txt2img");
  await page.getByRole("button", { name: /^Advanced/ }).click();
  const clipSkip = page.getByRole("textbox", { name: "Clip skip", exact: true });
  await expect(clipSkip).toHaveValue("2");
  await expect(page.getByRole("combobox", { name: "Emphasis mode" })).toHaveValue("No norm");
  await clipSkip.fill("3");
  // Another page changes the option while this one is open.
  await page.request.put(`${server.url}/api/options`, {
    data: { CLIP_stop_at_last_layers: 4, emphasis: "Ignore" },
    headers: { origin: server.url },
  });
  await expect(page.getByRole("combobox", { name: "Emphasis mode" })).toHaveValue("Ignore");
  await expect(clipSkip).toHaveValue("3");
});

test("options that the page itself reads act at once", async ({ page, server }) => {
  await page.goto("/txt2img");
  const prompt = page.getByRole("textbox", { name: "Prompt", exact: true });
  await prompt.fill("cat");
  await prompt.press("Control+ArrowUp");
  await expect(prompt).toHaveValue("(cat:1.1)");
  await expect(page.getByText("1/75", { exact: true })).toBeVisible();
  await page.request.put(`${server.url}/api/options`, {
    data: { keyedit_precision_attention: 0.05, disable_token_counters: true },
    headers: { origin: server.url },
  });
  await expect(page.getByText("1/75", { exact: true })).toBeHidden();
  await prompt.press("Control+ArrowUp");
  await expect(prompt).toHaveValue("(cat:1.15)");
});

test("an invalid value is refused beside its field and is not saved", async ({ page, server }) => {
  await page.goto("/settings");
  const quality = page.locator('[data-option="jpeg_quality"]');
  await quality.getByRole("textbox").fill("500");
  await expect(quality.getByText("At most 100")).toBeVisible();
  await quality.getByRole("textbox").blur();
  const regex = page.locator('[data-option="dataset_filename_word_regex"]');
  await regex.getByRole("textbox").fill("(a");
  await expect(regex.getByText("cannot read this regular expression")).toBeVisible();
  expect(await stored(server.dataDir)).toEqual({});
  await quality.getByRole("textbox").fill("60");
  await regex.getByRole("textbox").fill("(a)");
  await expect.poll(() => stored(server.dataDir)).toEqual({ jpeg_quality: 60, dataset_filename_word_regex: "(a)" });
});

test("values of A1111's config.json that cannot be used are named with the reason, and so is a broken file", async ({
  page,
  server,
}) => {
  const path = join(server.dataDir, "config.json");
  try {
    await writeFile(path, JSON.stringify({ s_churn: "2", dataset_filename_word_regex: "(?P<word>x)", n_rows: "many" }));
    await page.goto("/settings");
    const notice = page.getByRole("status").filter({ hasText: "config.json" });
    await expect(notice.getByRole("listitem")).toHaveCount(2);
    await expect(notice).toContainText('n_rows: "many" must be a number');
    await expect(notice).toContainText('dataset_filename_word_regex: "(?P<word>x)"');
    await expect(page.locator('[data-option="s_churn"]')).toContainText("A1111's config.json has 2");
    await expectAccessible(page);
    await expectNoOverflowOnPhone(page);
    await writeFile(path, '{ "s_churn": 2, }');
    await notice.getByRole("button", { name: "Read it again" }).click();
    await expect(notice).toContainText("not JSON at line 1");
    await expect(notice.getByRole("list")).toHaveCount(0);
    await rm(path);
    await notice.getByRole("button", { name: "Read it again" }).click();
    await expect(notice).toBeHidden();
  } finally {
    await rm(path, { force: true });
  }
});

test("the changed options alone are shown, reset together and brought back together", async ({ page, server }) => {
  await page.goto("/settings");
  await page.locator('[data-option="samples_format"]').getByRole("combobox").click();
  await page.getByRole("option", { name: "webp", exact: true }).click();
  await page.locator('[data-option="live_previews_enable"]').locator("label").click();
  await page.getByRole("checkbox", { name: "Only changed (2)" }).check();
  await expect(page.locator("[data-option]")).toHaveCount(2);
  await page.getByRole("button", { name: "Reset all" }).click();
  await expect(page.getByText("Nothing is changed")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator("[data-option]")).toHaveCount(2);
  await expect.poll(() => stored(server.dataDir)).toEqual({ samples_format: "webp", live_previews_enable: false });
});

test.describe("a settings file that is broken", () => {
  test.use({ expectedConsoleErrors: /status of 409 .*\/api\/options/ });

  test("is named and left alone, and used again once it is mended", async ({ page, server }) => {
    const path = join(server.dataDir, ".lexeme", "settings.json");
    await page.goto("/settings");
    const quality = page.locator('[data-option="jpeg_quality"]').getByRole("textbox");
    await expect(quality).toHaveValue("80");
    await writeFile(path, "{ broken");
    await quality.fill("70");
    await quality.blur();
    await expect(page.getByRole("alert").filter({ hasText: path })).toBeVisible();
    await expect(quality).toBeDisabled();
    expect(await readFile(path, "utf8")).toBe("{ broken");
    await writeFile(path, '{ "jpeg_quality": 60, "mine": 1 }');
    await page.getByRole("button", { name: "Read it again" }).click();
    await expect(page.getByRole("alert")).toBeHidden();
    await quality.fill("50");
    await quality.blur();
    await expect.poll(() => stored(server.dataDir)).toEqual({ jpeg_quality: 50, mine: 1 });
    await writeFile(path, "{}");
  });
});

test("the page is accessible and fits a phone", async ({ page, server }) => {
  await page.request.put(`${server.url}/api/options`, { data: { jpeg_quality: 60 }, headers: { origin: server.url } });
  await page.goto("/settings");
  await expect(page.getByRole("heading", { name: "Sampler parameters" })).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
});
