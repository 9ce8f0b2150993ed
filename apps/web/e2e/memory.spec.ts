/** @file The page says before a job starts how much memory it needs, on a server with little memory. */
import { expect, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url, serverArguments: ["--memory", "1.2"], expectedConsoleErrors: /status of 422/ });

test("the line under Generate says how much memory a picture takes, or which size would fit", async ({ page }) => {
  await page.goto("/txt2img");
  const field = (name: string) => page.getByRole("textbox", { name, exact: true });
  await field("Prompt").fill("a photo of a woman");
  await expect(page.getByText(/^1 picture of 128 × 128 · .*0\.\d of 1\.2 GB · /)).toBeVisible();

  await field("Width").fill("2048");
  await field("Height").fill("1024");
  const problem = page.getByText(/^Needs \d\.\d GB of memory, and 1\.2 GB can be used: draw at \d+ × \d+$/);
  await expect(problem).toBeVisible();
  // A user who starts the job nevertheless reads the same beside the field.
  await page.getByRole("button", { name: /^Generate/ }).click();
  await expect(page.getByRole("textbox", { name: "Width", exact: true })).toHaveAccessibleDescription(
    /1\.2 GB can be used/,
  );

  const [, width = "", height = ""] = /draw at (\d+) × (\d+)$/.exec((await problem.first().textContent()) ?? "") ?? [];
  await field("Width").fill(width);
  await field("Height").fill(height);
  await expect(page.getByText(new RegExp(`^1 picture of ${width} × ${height} · .* of 1\\.2 GB · `))).toBeVisible();
});
