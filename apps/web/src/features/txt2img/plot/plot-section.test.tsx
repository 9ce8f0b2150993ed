/** @file The script X/Y/Z plot below txt2img's settings. */
import { screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test } from "vitest";
import { plotForm, txt2imgForm } from "../../../state/forms.ts";
import { setScript } from "../../../state/script.ts";
import { draw, serve } from "../../../testing/page.ts";
import { embeddingRow } from "../../../testing/rows.ts";
import { usePlotReading, type PlotReading } from "./plot-form.ts";
import { PlotSection } from "./plot-section.tsx";

beforeEach(() => {
  txt2imgForm.reset();
  plotForm.reset();
  setScript("X/Y/Z plot");
});

test("values are counted as they are read, and an unreadable value is named beside them", async () => {
  serve({});
  plotForm.patch({ xType: "Steps", xValues: "10, 20" });
  const user = draw(<PlotSection />);
  expect(screen.getByText("2 values")).toBeDefined();
  await user.type(screen.getByLabelText("X values"), ", many");
  expect(await screen.findByText(/many/)).toBeDefined();
  expect(screen.queryByText("2 values")).toBeNull();
});

test("an axis about an embedding takes the word that the prompt names", async () => {
  serve({ listEmbeddings: [embeddingRow("anna"), embeddingRow("mira")] });
  txt2imgForm.patch({ prompt: "a photo of Mira" });
  const user = draw(<PlotSection />);
  await user.click(screen.getByLabelText("X type", { selector: "input" }));
  await user.click(await screen.findByRole("option", { name: "Embedding weight" }));
  expect(plotForm.read().values).toMatchObject({ xType: "Embedding weight", xyzEmbedding: "mira" });
});

test("two axes change places, with their values", async () => {
  serve({});
  plotForm.patch({ xType: "Steps", xValues: "10", yType: "CFG Scale", yValues: "7" });
  const user = draw(<PlotSection />);
  await user.click(screen.getByText("Swap X/Y"));
  expect(plotForm.read().values).toMatchObject({ xType: "CFG Scale", xValues: "7", yType: "Steps", yValues: "10" });
});

test("the cells of a plot are planned once, however many components read them", () => {
  serve({});
  plotForm.patch({ xType: "Steps", xValues: "10-20" });
  const readings: (PlotReading["plan"] | undefined)[] = [];
  function Reader({ at }: { at: number }): ReactNode {
    readings[at] = usePlotReading().plan;
    return null;
  }
  draw(
    <>
      <Reader at={0} />
      <Reader at={1} />
    </>,
  );
  expect(readings[0]?.x.values).toHaveLength(11);
  expect(readings[1]).toBe(readings[0]);
});
