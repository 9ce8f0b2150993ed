/** @file The tray's waiting jobs: dragged with the mouse and moved by key, with an order that is the server's, then cancelled and cleared. */
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

test("waiting jobs are moved by mouse and key, and the list is cleared", async ({ page, server }) => {
  const queue = (prompt: string, steps: number) =>
    page.request.post(`${server.url}/api/jobs`, {
      data: { kind: "txt2img", settings: { prompt, steps, nIter: steps > 10 ? 50 : 1, width: 128, height: 128 } },
    });
  await queue("a long drawing", 150);
  for (const letter of ["a", "b", "c"]) await queue(`waiting ${letter}`, 2);
  await page.goto("/txt2img");
  await page.getByRole("button", { name: /^Jobs, / }).click();
  const group = page.getByRole("region", { name: "Waiting" });
  const titles = group.getByRole("link");
  await expect(titles).toHaveText(["waiting a", "waiting b", "waiting c"]);

  const handle = (letter: string) => group.getByRole("button", { name: `Move waiting ${letter}` });
  const from = (await handle("c").boundingBox())!;
  const to = (await handle("a").boundingBox())!;
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y - 4, { steps: 5 });
  await page.mouse.up();
  await expect(titles).toHaveText(["waiting c", "waiting a", "waiting b"]);

  await handle("c").focus();
  await page.keyboard.press("ArrowDown");
  await expect(titles).toHaveText(["waiting a", "waiting c", "waiting b"]);
  await expect(handle("c")).toBeFocused();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
  await page.reload();
  await page.getByRole("button", { name: /^Jobs, / }).click();
  await expect(titles).toHaveText(["waiting a", "waiting c", "waiting b"]);

  await page.getByRole("button", { name: "Cancel all waiting" }).click();
  await page.getByRole("button", { name: "Cancel them" }).click();
  await expect(group).toHaveCount(0);
  await page.getByRole("region", { name: "Running" }).getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Clear the list" }).click();
  await expect(page.getByText(/Their pictures, embeddings and training runs stay/)).toBeVisible();
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await expect(page.getByText("Nothing has run yet.")).toBeVisible();
});
