/** @file The tray's waiting jobs: dragged with the mouse or a finger and moved by key, with an order that is the server's, then cancelled and cleared. */
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test, type LexemeServer } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

/** Queues a long drawing and three that wait for it. */
async function queueDrawings(page: Page, server: LexemeServer): Promise<void> {
  const queue = (prompt: string, steps: number) =>
    page.request.post(`${server.url}/api/jobs`, {
      data: { kind: "txt2img", settings: { prompt, steps, nIter: steps > 10 ? 50 : 1, width: 128, height: 128 } },
    });
  await queue("a long drawing", 150);
  for (const letter of ["a", "b", "c"]) await queue(`waiting ${letter}`, 2);
}

/** Opens the list of jobs with three that wait, and finds their part of it. */
async function openWaiting(page: Page, server: LexemeServer) {
  await queueDrawings(page, server);
  await page.goto("/txt2img");
  await page.getByRole("button", { name: /^Jobs, / }).click();
  const group = page.getByRole("region", { name: "Waiting" });
  const titles = group.getByRole("link");
  await expect(titles).toHaveText(["waiting a", "waiting b", "waiting c"]);
  return { group, titles };
}

test("waiting jobs are moved by mouse and key, and the list is cleared", async ({ page, server }) => {
  const { group, titles } = await openWaiting(page, server);
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

test.describe("with a finger", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("a waiting job is dragged by its handle, and the list does not scroll meanwhile", async ({ page, server }) => {
    const { group, titles } = await openWaiting(page, server);
    await group.getByRole("button", { name: "Move waiting c" }).scrollIntoViewIfNeeded();
    const scrolled = () => page.locator("[data-scrolls]").evaluate(({ scrollTop }) => scrollTop);
    const before = await scrolled();
    const from = (await group.getByRole("button", { name: "Move waiting c" }).boundingBox())!;
    const to = (await group.getByRole("button", { name: "Move waiting b" }).boundingBox())!;
    const x = from.x + from.width / 2;
    const [start, end] = [from.y + from.height / 2, to.y];
    // Playwright's own touchscreen only taps.
    const session = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", y?: number) =>
      session.send("Input.dispatchTouchEvent", { type, touchPoints: y === undefined ? [] : [{ x, y }] });
    await touch("touchStart", start);
    for (const part of [0.25, 0.5, 0.75, 1]) await touch("touchMove", start + (end - start) * part);
    await touch("touchEnd");
    await expect(titles).toHaveText(["waiting a", "waiting c", "waiting b"]);
    expect(await scrolled()).toBe(before);
    // Chromium drops a tap that follows a drag at once, as a finger cannot.
    await page.waitForTimeout(500);
    await page.getByRole("button", { name: "Cancel all waiting" }).tap();
    await page.getByRole("button", { name: "Cancel them" }).tap();
    await page.getByRole("region", { name: "Running" }).getByRole("button", { name: "Cancel" }).tap();
    await expect(group).toHaveCount(0);
  });
});
