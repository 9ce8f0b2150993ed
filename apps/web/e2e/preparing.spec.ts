/** @file Before a training, on the real server: folders of this computer, a second preprocess, embeddings that are dropped, the demo begun again. */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

// A folder that is refused, and a name that is taken, are answers that the browser logs.
test.use({ testFile: import.meta.url, expectedConsoleErrors: /status of (?:403|404|409|422) / });

const PHOTOS = fileURLToPath(new URL("../../../packages/demo/photos", import.meta.url));

test("a folder of this computer is read after one confirmation; a second preprocess keeps corrected captions", async ({
  page,
  server,
}) => {
  const outside = await mkdtemp(join(tmpdir(), "lexeme-photos-"));
  for (const file of ["01.jpg", "01.txt", "02.jpg", "02.txt"]) await copyFile(join(PHOTOS, file), join(outside, file));
  const prepared = join(server.dataDir, "datasets", "face");
  await page.goto("/preprocess");
  await page.getByRole("textbox", { name: "Source directory" }).fill(outside);
  await page.getByRole("textbox", { name: "Destination directory" }).fill(prepared);
  await expect(page.getByText("Folders that may be used")).toBeVisible();
  await expect(page.getByRole("button", { name: "Upload instead" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Preprocess", exact: true })).toBeDisabled();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
  await page.getByRole("button", { name: "Allow any folder…" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Allow any folder", exact: true }).click();
  await expect(page.getByRole("list", { name: "Source pictures" }).getByRole("listitem")).toHaveCount(2);

  await page.getByRole("combobox", { name: "Existing caption txt action" }).click();
  await page.getByRole("option", { name: "copy" }).click();
  await expect(page.getByText(/^2 pictures of .* overwrites nothing$/)).toBeVisible();
  await page.getByRole("button", { name: "Preprocess", exact: true }).click();
  const first = page.getByRole("textbox", { name: /^Caption of picture 1,/ });
  await expect(first).toBeVisible({ timeout: 60_000 });
  await first.fill("corrected by hand");
  await expect(page.getByText("saved")).toBeVisible();

  await expect(page.getByRole("button", { name: "Preprocess", exact: true })).toBeDisabled();
  await page.getByRole("checkbox", { name: "Overwrite pictures in the destination" }).check();
  await expect(page.getByText(/replaces 2 pictures · keeps 2 captions · the old files go to the bin$/)).toBeVisible();
  await page.getByRole("button", { name: "Preprocess", exact: true }).click();
  await page.getByRole("button", { name: /^Jobs/ }).click();
  await expect(page.getByRole("region", { name: "Jobs" })).toContainText("2 captions were kept", { timeout: 60_000 });
  expect(await readFile(join(prepared, "00000-0-01.txt"), "utf8")).toBe("corrected by hand");
  expect(await readdir(prepared)).toHaveLength(4);
  await rm(outside, { recursive: true });
});

test("captions guessed from file names are pale; one press drops them all", async ({ page, server }) => {
  const folder = join(server.dataDir, "datasets", "guessed");
  await mkdir(folder);
  for (const name of ["a red car", "a blue car"]) await copyFile(join(PHOTOS, "01.jpg"), join(folder, `${name}.jpg`));
  await writeFile(join(folder, "a red car.txt"), "a car");
  await page.goto("/preprocess");
  await page.getByRole("textbox", { name: "Destination directory" }).fill(folder);
  const guessed = page.getByRole("textbox", { name: "Caption of picture 1, a blue car.jpg" });
  await expect(guessed).toHaveValue("a blue car");
  await expect(guessed).toHaveAttribute("data-guess", "true");
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
  await page.getByRole("button", { name: "Drop all" }).click();
  await expect(guessed).toHaveValue("");
  await expect.poll(() => readdir(folder)).toContain("a blue car.txt");
});

test("an embedding is dropped onto Create, a taken name is asked for, and an embedding is copied", async ({
  page,
  server,
}) => {
  const create = { method: "POST", headers: { "content-type": "application/json" } };
  await fetch(`${server.url}/api/embeddings`, { ...create, body: JSON.stringify({ name: "zzmine", initText: "cat" }) });
  const bytes = await readFile(join(server.dataDir, "embeddings", "zzmine.pt"));
  await page.goto("/create");
  await expect(page.getByRole("listitem", { name: "zzmine" })).toBeVisible();
  await dropFile(page, "zzother.pt", bytes);
  await expect(page.getByText(/^Added “zzother”/)).toBeVisible();
  await dropFile(page, "zzmine.pt", bytes);
  await expect(page.getByRole("textbox", { name: "Name for zzmine.pt" })).toHaveValue("zzmine-2");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add under this name" }).click();
  await expect(page.getByRole("listitem", { name: "zzmine-2" })).toBeVisible();
  await dropFile(page, "broken.pt", Buffer.from("nothing"));
  await expect(page.getByText("broken.pt was not added.")).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  await page.getByRole("button", { name: "More for zzother" }).click();
  await page.getByRole("menuitem", { name: "Copy…" }).click();
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByRole("listitem", { name: "zzother-copy" })).toBeVisible();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("woman");
  await expect(page.getByText(/every prompt with this word will use/)).toBeVisible();

  await page.goto("/txt2img");
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("a photo of zzmien");
  await expect(page.getByRole("button", { name: /do you mean “zzmine”/ })).toBeVisible();
});

test("the demo greets without a warning, and can be run again under another name", async ({ page }) => {
  await page.goto("/welcome");
  await page.getByRole("button", { name: "Try the demo" }).click();
  await page.getByRole("button", { name: "Create embedding" }).click();
  await expect(page.getByRole("listitem", { name: "mira", exact: true })).toBeVisible();
  await page.goto("/train");
  await expect(page.getByRole("textbox", { name: "Embedding learning rate" })).toHaveValue("5e-2:100, 5e-3:500, 5e-4");
  await expect(page.getByText(/has no effect/)).toHaveCount(0);
  await page.goto("/welcome");
  await page.getByRole("button", { name: "Try the demo again as “mira-2”" }).click();
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("mira-2");
  await expect(page.getByRole("note", { name: "Demo guide" })).toContainText("Step 1 of 4");
});

test("1e3 in a number field is a thousand", async ({ page }) => {
  await page.goto("/train");
  const steps = page.getByRole("textbox", { name: "Max steps" });
  await steps.fill("");
  await expect(page.getByText("A number is needed here", { exact: true })).toBeVisible();
  await steps.pressSequentially("1e3");
  await page.keyboard.press("Tab");
  await expect(steps).toHaveValue("1000");
});

async function dropFile(page: Page, name: string, content: Buffer): Promise<void> {
  const data = await page.evaluateHandle(
    ({ file, bytes }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], file));
      return transfer;
    },
    { file: name, bytes: [...content] },
  );
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}
