/** @file Generate, and the sentences about problems that prevent a start. */
import { LexemeError } from "@lexeme/core";
import { act, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FormNumber } from "../../../parts/form/form-fields.tsx";
import { connectionStore } from "../../../state/connection.ts";
import { plotForm, txt2imgForm } from "../../../state/forms.ts";
import { applySnapshot } from "../../../state/jobs.ts";
import { setScript } from "../../../state/script.ts";
import { draw, serve } from "../../../testing/page.ts";
import { drawingRow, trainingRow } from "../../../testing/rows.ts";
import { Txt2imgStart } from "./txt2img-start.tsx";

const PAGE = (
  <>
    <FormNumber form={txt2imgForm} name="width" />
    <Txt2imgStart jobs={[]} />
  </>
);

beforeEach(() => txt2imgForm.reset());

test("the reason why the server refuses a start stands beside the field, until that field changes", async () => {
  const message = "512 × 4096 needs 40 GB, and 20 can be used";
  const asked = serve({ createJob: new LexemeError("MEMORY_TOO_SMALL", message, { details: { field: "width" } }) });
  const user = draw(PAGE);
  await user.click(screen.getByText("Generate"));
  const field = screen.getByLabelText("Width");
  expect(await screen.findAllByText(message, { exact: false })).toHaveLength(2);
  expect(field.getAttribute("aria-invalid")).toBe("true");
  await user.type(field, "{Backspace}");
  expect(screen.queryAllByText(message, { exact: false })).toEqual([]);
  expect(asked.filter(({ route }) => route === "createJob")).toHaveLength(1);
});

test("a field that was emptied is marked at once, and a start sends nothing", async () => {
  const asked = serve({});
  const user = draw(PAGE);
  await user.clear(screen.getByLabelText("Width"));
  expect(screen.getByText("A number is needed here")).toBeDefined();
  await user.click(screen.getByText("Generate"));
  expect(screen.getByText("Width: A number is needed here")).toBeDefined();
  expect(asked.map(({ route }) => route)).not.toContain("createJob");
});

test("a start by key right after the last letter sends that letter", async () => {
  const asked = serve({});
  const user = draw(PAGE);
  txt2imgForm.patch({ prompt: "a cat" });
  await user.keyboard("{Control>}{Enter}{/Control}");
  const [sent] = asked.filter(({ route }) => route === "createJob");
  expect(sent?.body).toMatchObject({ kind: "txt2img", settings: { prompt: "a cat" } });
});

test("a plot whose key was hit twice, or held down, is queued once", async () => {
  setScript("X/Y/Z plot");
  plotForm.patch({ xType: "Steps", xValues: "4, 6" });
  txt2imgForm.patch({ prompt: "a cat" });
  const asked = serve({ createJob: drawingRow({}) });
  const user = draw(PAGE);
  for (let press = 0; press < 3; press++) {
    await user.keyboard("{Control>}{Enter}{/Control}");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await user.keyboard("{Control>}{Enter>3/}{/Control}");
  expect(asked.filter(({ route }) => route === "createJob").map(({ body }) => body)).toMatchObject([
    { kind: "xyz-plot" },
  ]);
});

test("a server that did not answer is no reason any more once the page is connected again", async () => {
  const message = "The server does not answer; is Lexeme still running?";
  connectionStore.setState({ socket: "lost" });
  serve({ createJob: new LexemeError("SERVER_UNREACHABLE", message) });
  const user = draw(PAGE);
  await user.click(screen.getByText("Generate"));
  expect(await screen.findByText(message)).toBeDefined();
  act(() => connectionStore.setState({ socket: "open" }));
  expect(screen.queryByText(message)).toBeNull();
});

test("while a training runs, a picture can be drawn at once, before the training's next step", async () => {
  const training = trainingRow({});
  const job = drawingRow({}, { id: "picture", state: "queued" });
  const asked = serve({ createJob: job, goFirstJob: { ...job, first: true } });
  const user = draw(PAGE);
  expect(screen.queryByText("Draw now")).toBeNull();
  const progress = { phase: "training" as const, step: 4, steps: 12, secondsPerStep: 90, etaSeconds: 720 };
  act(() => applySnapshot([{ ...training, progress }]));
  expect(screen.getByText('waits for the training of "mira" (about 12 min)', { exact: false })).toBeDefined();
  await user.click(screen.getByText("Draw now"));
  await expect
    .poll(() => asked.filter(({ route }) => route.endsWith("Job")).map(({ route }) => route))
    .toEqual(["createJob", "goFirstJob"]);
});
