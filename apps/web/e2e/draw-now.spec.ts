/** @file "Draw now" on the real server and worker: a picture before the next step of a training, which waits and goes on. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

const PHOTOS = fileURLToPath(new URL("../../../packages/demo/photos", import.meta.url));

test.beforeAll(async ({ server }) => {
  const post = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${server.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
  };
  const dataRoot = join(server.dataDir, "datasets", "mira");
  await mkdir(dataRoot, { recursive: true });
  for (const name of ["01", "02"]) {
    await cp(join(PHOTOS, `${name}.jpg`), join(dataRoot, `${name}.jpg`));
    await writeFile(join(dataRoot, `${name}.txt`), "smiling");
  }
  await post("/api/embeddings", { name: "mira", initText: "woman" });
  const size = { trainingWidth: 64, trainingHeight: 64 };
  const settings = { embeddingName: "mira", dataRoot, templateFilename: "subject.txt", ...size, steps: 100_000 };
  await post("/api/jobs", { kind: "train-embedding", settings: { ...settings, createImageEvery: 0 } });
});

test("a picture is drawn while a training runs, from Generate and from the list of jobs, and the training goes on", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await page.goto("/txt2img");
  await expect(page.getByText(/waits for the training of "mira" \(about /)).toBeVisible({ timeout: 90_000 });
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("a photo of a woman");
  for (const name of ["Width", "Height"]) await page.getByRole("textbox", { name, exact: true }).fill("64");
  await page.getByRole("textbox", { name: "Sampling steps", exact: true }).fill("60");
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
  await page.locator("form, main").getByRole("button", { name: "Draw now" }).first().click();

  // The jobs line shows the job that computes; the list shows both.
  await page.getByRole("button", { name: "Open the list of jobs" }).click();
  const jobs = page.getByRole("region", { name: "Jobs" });
  await expect(jobs.getByText(/^Waits while a picture is drawn · /)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("img", { name: "a photo of a woman" }).first()).toBeVisible({ timeout: 60_000 });
  const trainingSteps = jobs.getByText(/of 100,000 · .*step · .*left/);
  await expect(trainingSteps).toHaveText(/^[\d,]+ of/, { timeout: 30_000 });

  // A waiting picture says what it waits for, and the list has the same action.
  await page.getByRole("textbox", { name: "Sampling steps", exact: true }).fill("150");
  await page.getByRole("button", { name: "Generate" }).click();
  const waits = page.getByText(/^Waits for the training of "mira" \(about /);
  // The same is read aloud, from a text that is not seen.
  await expect(waits.and(page.locator(":not([role=status])"))).toBeVisible();
  await expect(jobs.getByRole("listitem").getByText("Waiting", { exact: true })).toBeVisible();
  await jobs.getByRole("button", { name: "Draw now" }).click();
  await expect(jobs.getByText(/^Waits while a picture is drawn · /)).toBeVisible({ timeout: 30_000 });
  // The cancel of the picture leaves the training alone.
  await jobs
    .getByRole("listitem")
    .filter({ hasText: "a photo of a woman" })
    .getByRole("button", { name: "Cancel" })
    .click();
  await expect(trainingSteps).toHaveText(/^[\d,]+ of/, { timeout: 30_000 });
  await expect(jobs.getByText("Cancelled").first()).toBeVisible();
});
