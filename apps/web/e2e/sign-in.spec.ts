/** @file A server that asks for a password: the sign-in page, a wrong password, signing in and out. */
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({
  testFile: import.meta.url,
  serverArguments: ["--auth", "anna:correct horse"],
  // The browser logs every refusal, and this file tests refusals.
  expectedConsoleErrors: /status of 401|WebSocket connection/,
});

test("a page is hidden until somebody signs in, and again after they sign out", async ({ page }) => {
  await page.goto("/create");
  await expect(page.getByRole("heading", { name: "Sign in to Lexeme" })).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  await page.getByRole("textbox", { name: "User" }).fill("anna");
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(/password/i);

  await page.getByLabel("Password", { exact: true }).fill("correct horse");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("No embeddings yet")).toBeVisible();
  await expect(page.getByRole("alert")).toBeHidden();

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in to Lexeme" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Sign in to Lexeme" })).toBeVisible();
});
