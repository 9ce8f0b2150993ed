/** @file The page of the bin asks before it deletes for good, and offers another name where a file has the place. */
import { LexemeError } from "@lexeme/core";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { draw, serve } from "../../testing/page.ts";
import type { BinEntry } from "./bin-entries.ts";
import { BinPage } from "./bin-page.tsx";

const entry = (id: string, change: Partial<BinEntry> = {}): BinEntry => ({
  id,
  at: Date.now(),
  day: "2026-11-24",
  why: "deleted",
  by: null,
  kind: "embedding",
  files: [{ from: `/data/embeddings/${id}.pt`, sizeBytes: 1000 }],
  sizeBytes: 1000,
  hasPicture: false,
  isPlaceKnown: true,
  ...change,
});

const bin = (...entries: BinEntry[]) => ({ entries, sizeBytes: 1000 * entries.length, freeBytes: 70e9 });

test("lists entries by day with kind, reason, size and place, and finds them by name", async () => {
  const old = entry("zora", { day: "2026-11-20", why: "replaced", by: "Create Embedding", isPlaceKnown: false });
  serve({ listBin: bin(entry("mira"), old) });
  const user = draw(<BinPage />);
  const mira = await screen.findByRole("listitem", { name: "“mira.pt”" });
  expect(mira.textContent).toContain("EmbeddingDeleted just now1.0 kBFrom /data/embeddings");
  expect(screen.getByRole("status").textContent).toBe("2 entries, 2.0 kB; 70 GB free on the disk");
  expect(screen.getAllByRole("heading", { level: 2 })).toHaveLength(2);
  await user.type(screen.getByRole("searchbox"), "ZORA");
  expect(screen.queryByRole("listitem", { name: "“mira.pt”" })).toBeNull();
  expect(screen.getByRole("listitem").textContent).toContain("Replaced by Create Embedding");
  expect(screen.getByRole("listitem").textContent).toContain("did not note its place");
});

test("a double click on Restore restores once, also under another name", async () => {
  const taken = new LexemeError("FILE_EXISTS", "There is a file again", { details: { freeName: "mira-2" } });
  const answers: Parameters<typeof serve>[0] = { listBin: bin(entry("mira")), undoDelete: taken };
  const asked = serve(answers);
  const count = () => asked.filter(({ route }) => route === "undoDelete").length;
  const user = draw(<BinPage />);
  await user.dblClick(await screen.findByRole("button", { name: "Restore “mira.pt”" }));
  const dialog = await screen.findByRole("dialog", { name: "Restore under another name" });
  expect(count()).toBe(1);
  answers.undoDelete = {};
  await user.dblClick(within(dialog).getByRole("button", { name: "Restore" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(count()).toBe(2);
});

test("restores; where a file has the place, asks for another name and restores under it", async () => {
  const answers: Parameters<typeof serve>[0] = { listBin: bin(entry("mira")), undoDelete: {} };
  answers.undoDelete = new LexemeError("FILE_EXISTS", "There is a file again", { details: { freeName: "mira-2" } });
  const asked = serve(answers);
  const user = draw(<BinPage />);
  await user.click(await screen.findByRole("button", { name: "Restore “mira.pt”" }));
  const dialog = await screen.findByRole("dialog", { name: "Restore under another name" });
  expect(within(dialog).getByText("There is a file again")).toBeDefined();
  answers.undoDelete = {};
  await user.click(within(dialog).getByRole("button", { name: "Restore" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const restores = asked.filter(({ route }) => route === "undoDelete").map(({ body }) => body);
  expect(restores).toEqual([{ undoToken: "mira" }, { undoToken: "mira", name: "mira-2" }]);
});

test("deletes for good and empties only after asking", async () => {
  const asked = serve({ listBin: bin(entry("mira"), entry("zora")), deleteForGood: {}, emptyBin: {} });
  const user = draw(<BinPage />);
  const changes = () => asked.map(({ route }) => route).filter((route) => route !== "listBin");
  await user.click(await screen.findByRole("button", { name: "Delete “mira.pt” for good" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Cancel" }));
  expect(changes()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Delete “mira.pt” for good" }));
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Delete for good" }));
  await waitFor(() => expect(changes()).toEqual(["deleteForGood"]));
  await user.click(screen.getByRole("button", { name: "Empty the bin…" }));
  const dialog = await screen.findByRole("dialog", { name: "Empty the bin?" });
  expect(dialog.textContent).toContain("2 entries of 2.0 kB cannot be restored");
  await user.click(within(dialog).getByRole("button", { name: "Empty the bin" }));
  await waitFor(() => expect(changes()).toEqual(["deleteForGood", "emptyBin"]));
});

test("an empty bin says what will be there, and a full disk says what emptying frees", async () => {
  serve({ listBin: { ...bin(entry("mira")), freeBytes: 1e6 } });
  draw(<BinPage />);
  expect(await screen.findByText(/emptying the bin frees/)).toBeDefined();
});
