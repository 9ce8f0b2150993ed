/** @file Styles in the txt2img tab, on the real server, worker and styles.csv. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

const MENU = "Make, edit and insert styles";
const path = (dataDir: string) => join(dataDir, "styles.csv");

test.beforeEach(async ({ server }) => {
  await writeFile(
    path(server.dataDir),
    'name,prompt,negative_prompt,mine\nOil,"oil painting of {prompt}",photo,5\nRain,rain,,\n',
  );
});

function prompt(page: Page) {
  return page.getByRole("textbox", { name: "Prompt", exact: true });
}

async function choose(page: Page, ...names: string[]): Promise<void> {
  await page.getByRole("combobox", { name: "Styles" }).click();
  for (const name of names) await page.getByRole("option", { name, exact: true }).click();
  await page.keyboard.press("Escape");
}

test("chosen styles are in the picture's prompts, and using its settings again does not add them twice", async ({
  page,
}) => {
  await page.goto("/txt2img");
  await prompt(page).fill("a woman");
  await choose(page, "Rain", "Oil");
  await page.getByRole("textbox", { name: "Sampling steps" }).fill("2");
  await page.getByRole("button", { name: "Generate" }).click();
  await expect(page.getByText("oil painting of a woman, rain").first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Negative prompt: photo").first()).toBeVisible();
  await page.goto("/gallery");
  await page
    .getByRole("button", { name: /oil painting of a woman, rain/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Use these settings again" }).click();
  await expect(prompt(page)).toContainText("oil painting of a woman, rain");
  await expect(page.getByRole("button", { name: "Remove all styles" })).toBeHidden();
});

test("styles are written into the prompts and leave the field", async ({ page }) => {
  await page.goto("/txt2img");
  await prompt(page).fill("a cat");
  await choose(page, "Oil", "Rain");
  await page.getByRole("button", { name: MENU }).click();
  await page.getByRole("menuitem", { name: "Write the chosen styles into the prompts" }).click();
  await expect(prompt(page)).toContainText("oil painting of a cat, rain");
  await expect(page.getByRole("textbox", { name: "Negative prompt", exact: true })).toContainText("photo");
  await expect(page.getByRole("button", { name: "Remove all styles" })).toBeHidden();
});

test.describe("styles.csv", () => {
  // The server refuses a name that is taken.
  test.use({ expectedConsoleErrors: /status of 409 .*\/api\/styles/ });

  test("a style is made of the prompts, renamed, deleted and brought back; the rest of the file stays as it is", async ({
    page,
    server,
  }) => {
    const content = () => readFile(path(server.dataDir), "utf8");
    const before = await content();
    await page.goto("/txt2img");
    await prompt(page).fill('a "quoted", cat');
    await page.getByRole("button", { name: MENU }).click();
    await page.getByRole("menuitem", { name: "Save the prompts as a style…" }).click();
    const dialog = page.getByRole("dialog", { name: "Styles" });
    await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Cat");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
    expect(await content()).toBe(`${before}Cat,"a ""quoted"", cat",,\r\n`);

    await choose(page, "Cat");
    await page.getByRole("button", { name: MENU }).click();
    await page.getByRole("menuitem", { name: "Edit styles…" }).click();
    await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Oil");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(
      dialog.getByText("There is already a style “Oil”").or(dialog.getByText('already a style "Oil"')),
    ).toBeVisible();
    await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Kitten");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
    expect(await content()).toContain('Kitten,"a ""quoted"", cat"');

    await page.getByRole("button", { name: MENU }).click();
    await page.getByRole("menuitem", { name: "Edit styles…" }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await expect(dialog).toBeHidden();
    expect(await content()).toBe(before);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(content).toContain("Kitten");
  });
});

test("a change that another program makes meanwhile is shown and not lost", async ({ page, server }) => {
  await page.goto("/txt2img");
  await page.getByRole("button", { name: MENU }).click();
  await page.getByRole("menuitem", { name: "Edit styles…" }).click();
  const dialog = page.getByRole("dialog", { name: "Styles" });
  await dialog.getByRole("textbox", { name: "Prompt", exact: true }).fill("thick oil");
  await writeFile(path(server.dataDir), "name,prompt,negative_prompt\nOil,theirs,\nSnow,snow,\n");
  // The page hears of the change: the list is new, the typed text is still there, and saving keeps the other program's line.
  await dialog.getByRole("combobox", { name: "Style" }).click();
  await expect(page.getByRole("option", { name: "Snow" })).toBeVisible();
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  expect(await readFile(path(server.dataDir), "utf8")).toBe(
    "name,prompt,negative_prompt\nOil,thick oil,photo\r\nSnow,snow,\n",
  );
});

test("the field and the dialog are accessible and fit a phone", async ({ page }) => {
  await page.goto("/txt2img");
  await choose(page, "Oil", "Rain");
  await expectNoOverflowOnPhone(page);
  await page.getByRole("button", { name: MENU }).click();
  await page.getByRole("menuitem", { name: "Edit styles…" }).click();
  await expect(page.getByRole("dialog", { name: "Styles" })).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
});
