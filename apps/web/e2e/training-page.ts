/** @file Train in the browser: two new words and a data set on the server, and the page's fields. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expect } from "./lexeme-test.ts";

/** The demo's photos of one person. */
export const PHOTOS = fileURLToPath(new URL("../../../packages/demo/photos", import.meta.url));

/** Writes the data set `faces` of two captioned photos, and makes the words "mira" and "vera". */
export async function makeTwoWords(server: { readonly url: string; readonly dataDir: string }): Promise<void> {
  const dataset = join(server.dataDir, "datasets", "faces");
  await mkdir(dataset, { recursive: true });
  for (const name of ["01", "02"]) {
    await cp(join(PHOTOS, `${name}.jpg`), join(dataset, `${name}.jpg`));
    await writeFile(join(dataset, `${name}.txt`), `picture ${name}`);
  }
  for (const name of ["mira", "vera"]) {
    const answer = await fetch(`${server.url}/api/embeddings`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name, initText: "woman", overwriteOld: true }),
    });
    expect(answer.ok).toBe(true);
  }
}

export function field(page: Page, name: string) {
  return page.getByRole("textbox", { name, exact: true });
}

/** The numbers beside the loss chart. */
export function numbers(page: Page) {
  return page.getByTestId("training-numbers");
}

export async function chooseEmbedding(page: Page, name: string): Promise<void> {
  await page.getByRole("combobox", { name: "Embedding", exact: true }).click();
  await page.getByRole("option", { name: new RegExp(`^${name}`) }).click();
}
