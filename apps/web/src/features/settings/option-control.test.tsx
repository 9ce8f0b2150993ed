/** @file The control of an option: its value is saved after a pause or on leaving the field, and kept as a draft if it is refused. */
import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { draw, serve } from "../../testing/page.ts";
import { OptionControl } from "./option-control.tsx";
import { findOptions } from "./option-search.ts";

function control(name: string, value: unknown, onChange: (value: unknown) => Promise<boolean>) {
  const entry = findOptions(name)
    .flatMap(({ entries }) => entries)
    .find((one) => one.name === name)!;
  return (
    <>
      <span id="label">{entry.label}</span>
      <OptionControl
        entry={entry}
        value={value}
        error={undefined}
        disabled={false}
        onChange={onChange}
        labelledBy="label"
        describedBy="label"
      />
    </>
  );
}

test("a number out of bounds stays in the field and is not saved; a valid number is saved on leaving", async () => {
  serve({});
  const save = vi.fn<(value: unknown) => Promise<boolean>>(() => Promise.resolve(true));
  const user = draw(control("jpeg_quality", 80, save));
  const field = screen.getByRole("textbox");
  await user.clear(field);
  await user.type(field, "500");
  await user.tab();
  expect(screen.getByText("At most 100")).toBeDefined();
  expect(field).toHaveProperty("value", "500");
  expect(save).not.toHaveBeenCalled();
  await user.clear(field);
  await user.type(field, "95");
  await user.tab();
  expect(save.mock.calls).toEqual([[95]]);
});

test("a switch is saved at once", async () => {
  serve({});
  const save = vi.fn<(value: unknown) => Promise<boolean>>(() => Promise.resolve(true));
  const user = draw(control("disable_token_counters", false, save));
  await user.click(screen.getByRole("switch"));
  expect(save.mock.calls).toEqual([[true]]);
});
