/** @file The page of the bin on the real server: what was deleted or replaced comes back, also after a restart, and goes for good when asked. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

// The server restarts under an open page, and a restore onto a file is refused.
test.use({ testFile: import.meta.url, expectedConsoleErrors: /ERR_CONNECTION_REFUSED|409 \(Conflict\)/ });

test("a deleted and a replaced embedding are restored after a restart, the second under a free name", async ({
  page,
  server,
}) => {
  const create = (data: object) =>
    page.request.post(`${server.url}/api/embeddings`, { data, headers: { origin: server.url } });
  for (const name of ["zzgone", "zzreplaced"]) await create({ name });
  await create({ name: "zzreplaced", initText: "cat", overwriteOld: true });
  await page.goto("/create");
  await page.getByRole("listitem", { name: "zzgone" }).getByRole("button", { name: "More for zzgone" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByRole("listitem", { name: "zzgone" })).toHaveCount(0);
  await server.stop();
  await server.start();

  await page.goto("/create");
  await page.getByRole("link", { name: "Bin" }).click();
  await expect(page).toHaveTitle("Bin · Lexeme");
  const gone = page.getByRole("listitem", { name: "“zzgone.pt”" });
  const replaced = page.getByRole("listitem", { name: "“zzreplaced.pt”" });
  await expect(page.getByRole("heading", { name: "Today" })).toBeVisible();
  await expect(gone).toContainText("Deleted just now");
  await expect(replaced).toContainText("Replaced");
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  await page.getByRole("button", { name: "Restore “zzgone.pt”" }).focus();
  await page.keyboard.press("Enter");
  await expect(gone).toHaveCount(0);
  await page.getByRole("button", { name: "Restore “zzreplaced.pt”" }).click();
  const dialog = page.getByRole("dialog", { name: "Restore under another name" });
  await expect(dialog.getByRole("textbox", { name: "Name without ending" })).toHaveValue("zzreplaced-2");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(page.getByText("The bin is empty")).toBeVisible();
  await expectAccessible(page);
  const files = (await readdir(join(server.dataDir, "embeddings"))).filter((name) => name.startsWith("zz"));
  expect(files.toSorted()).toEqual(["zzgone.pt", "zzreplaced-2.pt", "zzreplaced.pt"]);
});

test("on a phone the settings lead to the bin, which is emptied after asking", async ({ page, server }) => {
  await page.request.post(`${server.url}/api/embeddings`, {
    data: { name: "zzphone" },
    headers: { origin: server.url },
  });
  await page.request.delete(`${server.url}/api/embeddings/zzphone`, { headers: { origin: server.url } });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/settings");
  await page.getByRole("link", { name: "Bin" }).click();
  await expect(page.getByRole("listitem", { name: "“zzphone.pt”" })).toBeVisible();
  await page.getByRole("button", { name: "Empty the bin…" }).click();
  const dialog = page.getByRole("dialog", { name: "Empty the bin?" });
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Empty the bin…" }).click();
  await dialog.getByRole("button", { name: "Empty the bin" }).click();
  await expect(page.getByText("The bin is empty").first()).toBeVisible();
  expect(await readdir(join(server.dataDir, ".lexeme", "bin"))).toEqual([]);
});
