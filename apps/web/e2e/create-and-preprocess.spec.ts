/** @file Frame, first screen, Create Embedding and Preprocess on the real server with the demo's photos. */
import { access, copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

const DEMO_CHECKPOINT = fileURLToPath(new URL("../../../packages/demo/demo-world.safetensors", import.meta.url));
const PHOTOS = fileURLToPath(new URL("../../../packages/demo/photos", import.meta.url));

test("the first screen offers the demo and the user's own checkpoint; the demo fills in every tab", async ({
  page,
}) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/welcome$/);
  await expect(page.getByRole("heading", { name: "Use my checkpoint" })).toBeVisible();
  await expect(page.getByText("models/Stable-diffusion")).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  await page.getByRole("button", { name: "Try the demo" }).click();
  await expect(page).toHaveURL(/\/create$/);
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("mira");
  await expect(page.getByRole("textbox", { name: "Initialization text" })).toHaveValue("woman");
  await expect(page.getByRole("note", { name: "Demo guide" })).toContainText("Step 1 of 4");
});

test("an embedding is created; its name is then taken, and a sentence beside the field says so", async ({
  page,
  server,
}) => {
  await page.goto("/create");
  await expect(page.getByText("No embeddings yet")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("textbox", { name: "Name" }).fill("mi/ra");
  await expect(page.getByText("A name may hold letters, digits, spaces and . _ - only")).toBeVisible();
  await page.getByRole("textbox", { name: "Name" }).fill("mira");
  await page.getByRole("textbox", { name: "Initialization text" }).fill("round green face");
  await expect(page.getByRole("list", { name: "Tokens" }).getByRole("listitem")).toHaveText(["round", "green", "face"]);
  await expect(page.getByText("3 tokens; the first one of 3 is used")).toBeVisible();
  await page.getByRole("textbox", { name: "Initialization text" }).fill("woman");
  await page.keyboard.press("Control+Enter");

  await expect(page.getByRole("listitem", { name: "mira" })).toContainText("1 vector × 128");
  await access(join(server.dataDir, "embeddings", "mira.pt"));
  await page.getByRole("textbox", { name: "Name" }).fill("Mira");
  await page.reload();
  await expect(page.getByText("“Mira” exists already")).toBeVisible();
  await expect(page.getByRole("button", { name: "Create embedding" })).toBeDisabled();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
});

test("an embedding is renamed, downloaded, deleted and brought back", async ({ page }) => {
  await page.goto("/create");
  await page.getByRole("textbox", { name: "Name" }).fill("second");
  await page.getByRole("button", { name: "Create embedding" }).click();
  await page.getByRole("button", { name: "More for second" }).click();
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  await page.getByRole("textbox", { name: "New name" }).fill("third");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  const row = page.getByRole("listitem", { name: "third" });
  await expect(row).toBeVisible();

  await page.getByRole("button", { name: "More for third" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Download .safetensors" }).click();
  expect((await download).suggestedFilename()).toBe("third.safetensors");

  await page.getByRole("button", { name: "More for third" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(row).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toBeVisible();
});

test("pictures are uploaded, cut, captioned, and the captions are on disk", async ({ page, server }) => {
  await page.goto("/preprocess");
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload pictures" }).first().click();
  const photos = await Promise.all(
    ["01.jpg", "02.jpg", "03.jpg"].map(async (name) => ({
      name,
      mimeType: "image/jpeg",
      buffer: await readFile(join(PHOTOS, name)),
    })),
  );
  const broken = { name: "broken.jpg", mimeType: "image/jpeg", buffer: Buffer.from("not a picture at all") };
  await (await chooser).setFiles([...photos, broken]);
  await expect(page.getByText("1 file refused")).toBeVisible();
  await expect(page.getByText(/^broken\.jpg: /)).toBeVisible();
  const sources = page.getByRole("list", { name: "Source pictures" });
  await expect(sources.getByRole("listitem")).toHaveCount(3);

  // The demo checkpoint draws 128 x 128, so this size is offered; a number that is not divisible by 8 is rounded down.
  const width = page.getByRole("textbox", { name: "Width" });
  await expect(width).toHaveValue("128");
  await width.fill("130");
  await expect(page.getByText("Rounded down to 128")).toBeVisible();
  await page.reload();
  await expect(width).toHaveValue("130");

  await page.getByRole("textbox", { name: "Destination directory" }).fill(join(server.dataDir, "datasets", "mira"));
  await page.getByRole("button", { name: "Preprocess", exact: true }).click();
  const board = page.getByRole("list", { name: "Prepared pictures" });
  await expect(board.getByRole("listitem")).toHaveCount(3, { timeout: 60_000 });
  const first = page.getByRole("textbox", { name: /^Caption of picture 1,/ });
  await first.fill("long black hair, red shirt");
  await expect(board.getByText("saved")).toBeVisible();
  const file = (await board.locator("img").first().getAttribute("alt")) ?? "";
  const caption = join(server.dataDir, "datasets", "mira", file.replace(/\.png$/, ".txt"));
  expect(await readFile(caption, "utf8")).toBe("long black hair, red shirt");
  await first.press("Tab");
  await expect(page.getByRole("textbox", { name: /^Caption of picture 2,/ })).toBeFocused();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  await page.getByRole("button", { name: /^Jobs/ }).click();
  await expect(page.getByRole("region", { name: "Jobs" })).toContainText("3 pictures written");
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: "Jobs" })).toBeHidden();

  await page.getByRole("button", { name: "Browse for source directory" }).click();
  const dialog = page.getByRole("dialog", { name: "Source directory" });
  await expect(dialog.getByText("3 pictures in this folder")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Up" }).click();
  await expect(dialog.getByRole("list", { name: "Folders" }).getByRole("listitem")).not.toHaveCount(0);
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await page.reload();
  await expect(first).toHaveValue("long black hair, red shirt");
  await expect(page.getByRole("button", { name: /on these 3 pictures$/ })).toBeVisible();
});

test.describe("while the server is away", () => {
  test.use({ expectedConsoleErrors: /ERR_CONNECTION|WebSocket/ });

  test("the page says that the server is lost, and finds it again without a reload", async ({ page, server }) => {
    await page.goto("/create");
    await expect(page.getByRole("button", { name: /^Stable Diffusion checkpoint: demo-world/ })).toBeVisible();
    await page.keyboard.press("Shift+?");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await page.keyboard.press("Escape");
    await server.stop();
    // A list that was being read at that moment shows its own failure beside it.
    await expect(page.getByRole("alert").filter({ hasText: "Connection to the server lost" })).toBeVisible();
    await server.start();
    await expect(page.getByRole("alert")).toHaveCount(0, { timeout: 30_000 });
  });
});

test("a checkpoint appears by itself when its file does; an unusable one shows the reason", async ({
  page,
  server,
}) => {
  const folder = join(server.dataDir, "models", "Stable-diffusion");
  await page.goto("/welcome");
  await expect(page.getByText("Waiting for a file")).toBeVisible();
  await writeFile(join(folder, "holiday.safetensors"), "a diary, not a checkpoint");
  const list = page.getByRole("list", { name: "Checkpoints in the folder" });
  await expect(list.getByRole("listitem")).toContainText(["Not supported: "]);
  await copyFile(DEMO_CHECKPOINT, join(folder, "mine.safetensors"));
  await page.getByRole("button", { name: "Use mine.safetensors" }).click();
  await expect(page).toHaveURL(/\/create$/);
  await expect(page.getByRole("button", { name: "Stable Diffusion checkpoint: mine" })).toBeVisible();
});

for (const [path, label] of [
  ["/train", "Train"],
  ["/txt2img", "txt2img"],
  ["/gallery", "Gallery"],
] as const) {
  test(`the tab ${label} is accessible in light and dark and fits a phone`, async ({ page }) => {
    await page.goto(path);
    await expect(
      page.getByRole("navigation", { name: "Tabs" }).getByRole("link", { name: label, exact: true }),
    ).toHaveAttribute("aria-current", "page");
    await page.waitForLoadState("networkidle");
    await expectAccessible(page);
    await expectNoOverflowOnPhone(page);
  });
}
