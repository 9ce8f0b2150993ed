/** @file The prompt editor: colours, weight under the cursor, tokens by chunk, keys, and very long prompts. */
import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

function prompt(page: Page): Locator {
  return page.getByRole("textbox", { name: "Prompt", exact: true });
}

function spans(page: Page): Locator {
  return page.getByTestId("prompt-highlight").first().locator("span");
}

async function caretAt(area: Locator, word: string): Promise<void> {
  await area.evaluate((element: HTMLTextAreaElement, wanted) => {
    element.focus();
    const at = element.value.indexOf(wanted);
    element.setSelectionRange(at, at);
  }, word);
  await area.press("ArrowRight");
}

test("colours weights and syntax, underlines stray brackets, shows the weight under the cursor", async ({ page }) => {
  await page.goto("/txt2img");
  await prompt(page).fill("a ((cat)), [dog:fox:0.5] BREAK <lora:x:1> [pale] # note\n(((vinci))))");
  await expect(spans(page)).toHaveText([
    "((",
    "cat",
    "))",
    "[",
    ":",
    ":0.5]",
    "BREAK",
    "<lora:x:1>",
    "[",
    "pale",
    "]",
    "# note\n",
    "(((",
    "vinci",
    ")))",
    ")",
  ]);
  await expect(spans(page).last()).toHaveAttribute("data-kind", "stray");
  const strength = (text: string) =>
    spans(page)
      .filter({ hasText: text })
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  // A stronger weight has a denser colour, and a weak one has another hue.
  const [cat, vinci, pale] = [await strength("cat"), await strength("vinci"), await strength("pale")];
  const alphaOf = (color: string) => Number(/[\d.]+(?=\)$)/.exec(color)?.[0]);
  expect(alphaOf(vinci)).toBeGreaterThan(alphaOf(cat));
  expect(pale).not.toBe(cat);

  await caretAt(prompt(page), "vinci");
  await expect(page.getByTitle(/^Effective weight/)).toHaveText("× 1.331");
  await caretAt(prompt(page), "pale");
  await expect(page.getByTitle(/^Effective weight/)).toHaveText("× 0.909");
  await caretAt(prompt(page), "dog");
  await expect(page.getByTitle(/^Effective weight/)).toHaveText("× 1");
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
});

test("colours lie under their words, also when lines wrap, scroll and are typed into", async ({ page }) => {
  await page.goto("/txt2img");
  await prompt(page).fill(`${"a very detailed face, cinematic light, ".repeat(30)}(the end:1.3)`);
  await expect(spans(page).filter({ hasText: "the end" })).toHaveCount(1);
  const offset = () =>
    prompt(page).evaluate((area: HTMLTextAreaElement) => {
      area.scrollTop = area.scrollHeight;
      const last = [...document.querySelectorAll('[data-testid="prompt-highlight"] span')].at(-1);
      const style = getComputedStyle(area);
      const lineBottom = area.getBoundingClientRect().bottom - Number.parseFloat(style.paddingBottom);
      return Math.abs(lineBottom - (last?.getBoundingClientRect().bottom ?? 0));
    });
  // Within a line's spacing of the text area's last line.
  await expect.poll(offset).toBeLessThan(8);
  await prompt(page).press("Control+End");
  await prompt(page).pressSequentially(" and more words that wrap, (again:1.2)");
  await expect(spans(page).filter({ hasText: "again" })).toHaveCount(1);
  await expect.poll(offset).toBeLessThan(8);
});

test("tokens are counted by chunk, and elements change places by key", async ({ page }) => {
  await page.goto("/txt2img");
  await prompt(page).fill("cat ".repeat(98));
  await expect(page.getByText("75 + 23 / 150")).toBeVisible();
  await prompt(page).fill("one, two, three");
  await caretAt(prompt(page), "two");
  await page.keyboard.press("Alt+ArrowLeft");
  await expect(prompt(page)).toHaveValue("two, one, three");
  await page.keyboard.press("Alt+ArrowRight");
  await page.keyboard.press("Alt+ArrowRight");
  await expect(prompt(page)).toHaveValue("one, three, two");
  await expect(page).toHaveURL(/\/txt2img$/);
  await page.keyboard.press("Control+z");
  await expect(prompt(page)).toHaveValue("one, two, three");
});

test("a prompt of 100,000 characters can be typed into", async ({ page }) => {
  await page.goto("/txt2img");
  await prompt(page).fill("a photo of a cat on an (old:1.2) chair, ".repeat(2499));
  await expect(page.getByText(/^2\d,\d{3} \/ 2\d,\d{3}$/)).toBeVisible();
  const slowestMs = await prompt(page).evaluate(async (area: HTMLTextAreaElement) => {
    area.focus();
    area.setSelectionRange(10, 10);
    let slowest = 0;
    for (let i = 0; i < 8; i++) {
      const started = performance.now();
      document.execCommand("insertText", false, "x");
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      slowest = Math.max(slowest, performance.now() - started);
    }
    return slowest;
  });
  // It takes a tenth of a second on two cores, and more on shared ones; the page must not hang.
  expect(slowestMs).toBeLessThan(5000);
  await prompt(page).fill("a ".repeat(60_000));
  await expect(page.getByText("not counted")).toBeVisible();
});
