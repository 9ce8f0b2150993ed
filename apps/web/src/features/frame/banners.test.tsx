/** @file Banners of the whole page: a chosen checkpoint that is gone, a lost server. */
import { act, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { setSocketState } from "../../state/connection.ts";
import { draw, serve } from "../../testing/page.ts";
import { systemRow } from "../../testing/rows.ts";
import { Banners } from "./banners.tsx";

test("a chosen checkpoint that is gone is named, with the one that is used and a press to keep it", async () => {
  const asked = serve({ getSystem: systemRow({ checkpoint: "base.ckpt", missingCheckpoint: "dream.safetensors" }) });
  const user = draw(<Banners />);
  const banner = await screen.findByRole("alert");
  expect(banner.textContent).toContain("The chosen checkpoint dream.safetensors is not there any more");
  expect(banner.textContent).toContain("base.ckpt is used until you choose another");
  await user.click(screen.getByText("Use base.ckpt"));
  expect(asked.find(({ route }) => route === "chooseCheckpoint")?.body).toEqual({ name: "base.ckpt" });
});

test("a lost server is told with the time, and nothing is said of jobs that the page cannot see", async () => {
  vi.useFakeTimers();
  try {
    serve({ getSystem: systemRow() });
    const lostAt = new Date(2026, 10, 29, 3, 12).getTime();
    vi.setSystemTime(lostAt);
    draw(<Banners />);
    act(() => setSocketState("lost"));
    expect(screen.queryByRole("alert")).toBeNull();
    await act(async () => vi.advanceTimersByTimeAsync(60_000));
    // A further attempt that fails changes nothing.
    act(() => setSocketState("lost"));
    const said = screen.getByRole("alert").textContent;
    expect(said).toContain("Connection to the server lost at 03:12");
    expect(said).toContain("does not know whether jobs run");
    expect(said).not.toContain("go on");
    act(() => setSocketState("open"));
    expect(screen.queryByRole("alert")).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test("a full disk leads to the bin, or to the gallery if the bin is empty; a read-only folder leads nowhere", async () => {
  const full = { sentence: "The disk is full", isDiskFull: true };
  const closed = { sentence: "Lexeme may not write", isDiskFull: false };
  serve({ getSystem: systemRow({ troubles: [full, closed] }), listBin: { entries: [], sizeBytes: 0, freeBytes: 0 } });
  draw(<Banners />);
  const link = await screen.findByRole("link", { name: "Open the gallery" });
  expect(link.getAttribute("href")).toBe("/gallery");
  expect(screen.getAllByRole("link")).toHaveLength(1);
  expect(screen.getAllByRole("alert")).toHaveLength(2);
});
