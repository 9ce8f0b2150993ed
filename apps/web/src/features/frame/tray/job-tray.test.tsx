/** @file The Jobs tray closes with Escape even beside other open parts, and counts every waiting job. */
import { Select, Tooltip } from "@mantine/core";
import { act, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { trainForm } from "../../../state/forms.ts";
import { applySnapshot } from "../../../state/jobs.ts";
import { draw, serve } from "../../../testing/page.ts";
import { drawingRow, trainingRow } from "../../../testing/rows.ts";
import { JobTray } from "./job-tray.tsx";
import { trayStore } from "./tray-store.ts";

const isOpen = (): boolean => trayStore.getState().open;

beforeEach(() => {
  serve({});
  trayStore.setState({ open: true });
});

test("one Escape closes the tray even if a tooltip is open", async () => {
  const user = draw(
    <>
      <Tooltip label="Jobs, 1 active">
        <button type="button">Jobs</button>
      </Tooltip>
      <JobTray />
    </>,
  );
  await user.hover(screen.getByText("Jobs", { selector: "button" }));
  await screen.findByRole("tooltip");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(isOpen()).toBe(false));
});

test("an Escape on an open fold closes the tray, for a fold stays open", async () => {
  const user = draw(
    <>
      <button type="button" aria-expanded>
        Details
      </button>
      <JobTray />
    </>,
  );
  screen.getByText("Details").focus();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(isOpen()).toBe(false));
});

test("an Escape that closes a list of options leaves the tray open", async () => {
  const user = draw(
    <>
      <Select label="Sampler" data={["Euler", "Heun"]} />
      <JobTray />
    </>,
  );
  await user.click(screen.getByLabelText("Sampler", { selector: "input" }));
  await screen.findByRole("option", { name: "Euler" });
  await user.keyboard("{Escape}");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isOpen()).toBe(true);
});

test("unlisted waiting jobs are counted in the line and below the list", async () => {
  trayStore.setState({ open: false });
  const waiting = [2, 3].map((at) =>
    drawingRow({ prompt: `picture ${at}` }, { id: String(at), state: "queued", createdAt: at }),
  );
  applySnapshot([drawingRow({}), ...waiting], 1200);
  const user = draw(<JobTray />);
  expect(screen.getByText("1,202 waiting")).toBeDefined();
  await user.click(screen.getByLabelText("Open the list of jobs"));
  expect(screen.getByText("1,200 more are waiting; each is listed when it starts.")).toBeDefined();
  expect(screen.getAllByText("Cancel")).toHaveLength(3);
});

test("the line of a training knows at once that Train shows another word, or this one again", () => {
  trayStore.setState({ open: false });
  history.replaceState(null, "", "/train");
  trainForm.patch({ embeddingName: "mira" });
  applySnapshot([trainingRow({ embeddingName: "vera" })]);
  draw(<JobTray />);
  const isShown = (): string | null | undefined =>
    screen.getByRole("link").closest("[data-shown]")?.getAttribute("data-shown");
  expect(isShown()).toBe("false");
  act(() => trainForm.patch({ embeddingName: "vera" }));
  expect(isShown()).toBe("true");
  act(() => trainForm.patch({ embeddingName: "mira" }));
  expect(isShown()).toBe("false");
});
