/** @file The demo's guide knows how far the story is from the files, whatever jobs the list still has. */
import type { GalleryImage, System } from "@lexeme/protocol";
import { screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { sessionStore } from "../../state/session.ts";
import { draw, serve } from "../../testing/page.ts";
import { embeddingRow } from "../../testing/rows.ts";
import { GuideLine } from "./guide-line.tsx";

const SYSTEM = { folders: { datasets: "/data/datasets" }, demo: { suggested: { create: { name: "mira" } } } };
const PICTURE: GalleryImage = {
  path: "/out/1.png",
  file: "1.png",
  day: "2026-11-28",
  width: 8,
  height: 8,
  createdAt: 0,
  infotext: "mira-2",
};

beforeEach(() => sessionStore.setState({ guide: "on", guideWord: "mira-2" }));

function server(step: number, pictures: number, images: GalleryImage[]) {
  const folder = { name: "mira-2", path: "/data/datasets/mira-2", pictures };
  return serve({
    getSystem: SYSTEM as unknown as System,
    listEmbeddings: [embeddingRow("mira", { step: 800 }), embeddingRow("mira-2", { step })],
    listFolder: { path: "/data/datasets", parent: null, folders: [folder], pictures: 0, roots: [] },
    listImages: { images, more: false },
  });
}

test.each([
  [0, 0, [], "Step 2 of 4"],
  [0, 14, [], "Step 3 of 4"],
  [800, 14, [], "Step 4 of 4"],
  [800, 14, [PICTURE], "That was the whole story"],
])("with %d steps, %d prepared pictures and %j drawn: %s", async (step, pictures, images, said) => {
  const asked = server(step, pictures, images);
  draw(<GuideLine />);
  expect(await screen.findByText(new RegExp(said, "u"))).toBeDefined();
  expect(asked.find(({ route }) => route === "listImages")?.url).toContain("search=mira-2");
});
