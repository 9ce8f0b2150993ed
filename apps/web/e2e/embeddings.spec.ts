/** @file Embeddings as files that come and go, and an embedding's notebook: nearest words, merging, pruning, sharing. */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, expectAccessible, expectNoOverflowOnPhone, test } from "./lexeme-test.ts";

test.use({ testFile: import.meta.url });

const FIXTURES = fileURLToPath(new URL("../../../packages/formats/src/fixtures", import.meta.url));

async function create(url: string, body: { name: string; initText: string; numVectorsPerToken?: number }) {
  const answer = await fetch(`${url}/api/embeddings`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
}

test("a notebook names the words that an embedding began as; embeddings are merged, and vectors are pruned", async ({
  page,
  server,
}) => {
  await create(server.url, { name: "zzcat", initText: "cat" });
  await create(server.url, { name: "zzpair", initText: "green woman", numVectorsPerToken: 2 });
  await page.goto("/create");
  await page.getByRole("listitem", { name: "zzcat" }).getByRole("link", { name: "zzcat" }).click();
  await expect(page).toHaveURL(/\/notebook\/zzcat/);
  await expect(page.getByRole("heading", { name: "zzcat", level: 1 })).toBeVisible();
  const words = page.getByRole("list", { name: "Words nearest to vector 1" }).getByRole("listitem");
  // The first job of a new data folder waits for its database, and for a worker to start.
  await expect(words).toHaveCount(10, { timeout: 120_000 });
  await expect(words.first()).toContainText(/cat\s*1\.00/);
  await expect(page.getByText(/^length .* the mean word · longer than/)).toBeVisible();
  await expect(page.getByRole("list", { name: "Other embeddings" }).getByRole("listitem")).toContainText(["zzpair"]);
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  await page.getByRole("button", { name: "Merge…" }).click();
  const merge = page.getByRole("dialog", { name: /^Merge/ });
  await merge.getByRole("combobox", { name: "With" }).click();
  await page.getByRole("option", { name: /^zzpair/ }).click();
  await expect(merge.getByText("“zzpair” has 2 vectors and “zzcat” 1")).toBeVisible();
  await merge.getByRole("combobox", { name: "With" }).press("Escape");
  await merge.getByRole("combobox", { name: "Method" }).click();
  await page.getByRole("option", { name: "One after the other" }).click();
  await merge.getByRole("textbox", { name: "New name" }).fill("zzcat");
  await expect(merge.getByRole("button", { name: "Merge", exact: true })).toBeDisabled();
  await expect(merge.getByRole("checkbox", { name: "Overwrite old embedding" })).not.toBeChecked();
  await merge.getByRole("textbox", { name: "New name" }).fill("zzall");
  await expectAccessible(page);
  await merge.getByRole("button", { name: "Merge", exact: true }).click();

  await expect(page.getByRole("heading", { name: "zzall", level: 1 })).toBeVisible();
  const vectors = page.getByRole("list", { name: "Vectors" });
  await expect(vectors.getByRole("listitem", { name: /^Vector \d$/ })).toHaveCount(3);
  for (const [i, word] of ["cat", "green", "woman"].entries()) {
    const nearest = page
      .getByRole("list", { name: `Words nearest to vector ${i + 1}` })
      .getByRole("listitem")
      .first();
    await expect(nearest).toContainText(new RegExp(`^${word}\\s*1\\.00`));
  }
  await expect(page.getByRole("group", { name: "Similarity of its vectors" }).getByRole("row")).toHaveCount(4);
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);

  await expect(page.getByRole("button", { name: "Keep chosen vectors…" })).toBeDisabled();
  await page.getByRole("checkbox", { name: "Vector 3" }).check();
  await page.getByRole("checkbox", { name: "Vector 1" }).check();
  await page.getByRole("button", { name: "Keep 2 of 3 vectors…" }).click();
  const prune = page.getByRole("dialog", { name: "Keep 2 vectors of “zzall”" });
  await expect(prune.getByRole("textbox", { name: "New name" })).toHaveValue("zzall-pruned");
  await prune.getByRole("button", { name: "Keep", exact: true }).click();
  await expect(page.getByRole("heading", { name: "zzall-pruned", level: 1 })).toBeVisible();
  await expect(
    page.getByRole("list", { name: "Words nearest to vector 2" }).getByRole("listitem").first(),
  ).toContainText(/^woman\s*1\.00/);
  // A notebook is an answer, not a job: the list of jobs does not show it.
  await page.getByRole("button", { name: "Jobs", exact: true }).click();
  await expect(page.getByRole("region", { name: "Jobs" })).not.toContainText("Notebook");
});

test("an embedding is shared as a picture, and is a word again when the picture is put into the folder", async ({
  page,
  server,
}) => {
  const folder = join(server.dataDir, "embeddings");
  await create(server.url, { name: "zzshared", initText: "green face", numVectorsPerToken: 2 });
  await page.goto("/notebook/zzshared");
  await page.getByRole("button", { name: "Share as picture…" }).click();
  const dialog = page.getByRole("dialog", { name: "Share “zzshared” as a picture" });
  await expect(dialog.getByText("will be a plain card")).toBeVisible();
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await dialog.getByRole("link", { name: "Download zzshared.png" }).click();
  const picture = await (await download).path();

  await page.goto("/create");
  const row = page.getByRole("listitem", { name: "zzshared" });
  await expect(row).toHaveCount(1);
  await rm(join(folder, "zzshared.pt"));
  await expect(row).toHaveCount(0);
  await copyFile(picture, join(folder, "from a chat.png"));
  await expect(row).toContainText("2 vectors × 128");
  await expect(row).toContainText("from a chat.png");
  await row.getByRole("button", { name: "More for zzshared" }).click();
  await expect(page.getByRole("menuitem", { name: "Rename…" })).toBeHidden();
});

test("the list follows the folder and marks embeddings that collide, share a file or cannot be used", async ({
  page,
  server,
}) => {
  const folder = join(server.dataDir, "embeddings");
  await create(server.url, { name: "zztwin", initText: "cat" });
  await page.goto("/create");
  const twins = page.getByRole("listitem", { name: "zztwin" });
  await expect(twins).toHaveCount(1);
  await mkdir(join(folder, "people", "old"), { recursive: true });
  await copyFile(join(folder, "zztwin.pt"), join(folder, "people", "old", "zztwin.pt"));
  await expect(twins).toHaveCount(2);
  await expect(
    twins.filter({ hasText: "people/old/zztwin.pt" }).filter({ hasText: "Prompts use this one" }),
  ).toHaveCount(1);
  await expect(twins.filter({ hasText: "Not used by prompts: people/old/zztwin.pt has the same name" })).toHaveCount(1);

  await copyFile(join(FIXTURES, "collection.bin"), join(folder, "animals.bin"));
  await writeFile(join(folder, "junk.pt"), await readFile(join(FIXTURES, "embeddings.py")));
  await copyFile(join(FIXTURES, "pictures/broken-pixels.png"), join(folder, "sent.png"));
  await expect(page.getByRole("listitem", { name: "animals-cat" })).toContainText("2 words in animals.bin");
  await expect(page.getByRole("listitem", { name: "junk" })).toContainText(
    "neither a file that torch wrote nor a safetensors file",
  );
  await expect(page.getByRole("listitem", { name: "sent" })).toContainText("was changed, for example");
  await expectAccessible(page);
  await expectNoOverflowOnPhone(page);
  await page.goto("/train");
  await page.getByRole("combobox", { name: "Embedding", exact: true }).click();
  await expect(page.getByRole("option", { name: /^zztwin/ })).toHaveCount(1);
  await page.goto("/create");
  await rm(join(folder, "people"), { recursive: true });
  await expect(twins).toHaveCount(1);
  await expect(twins).not.toContainText("the same name");
});
