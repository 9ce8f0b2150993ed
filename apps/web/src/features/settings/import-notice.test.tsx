/** @file The notice about A1111's `config.json`: unusable values with their reasons, or the fault of the whole file. */
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { draw } from "../../testing/page.ts";
import { ImportNotice } from "./import-notice.tsx";

test("an unusable value is named once, with its reason", () => {
  const notTaken = [{ name: "n_rows", value: '"many"', reason: "must be a number" }];
  draw(<ImportNotice state={{ notTaken, importFault: null }} />);
  expect(screen.getByRole("listitem").textContent).toBe('n_rows: "many" must be a number');
  expect(screen.getByText(/where nothing was changed here, the default stands/)).toBeDefined();
});

test("the fault of the whole file stands alone", () => {
  draw(<ImportNotice state={{ notTaken: [], importFault: "config.json is not used: it is not JSON" }} />);
  expect(screen.getByText("config.json is not used: it is not JSON")).toBeDefined();
  expect(screen.queryByRole("list")).toBeNull();
});
