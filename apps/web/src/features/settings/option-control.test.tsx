/** @file The control of an option: its value is saved after a pause or on leaving the field, and kept as a draft if it is refused. */
import { DEFAULT_OPTIONS } from "@lexeme/domain/options";
import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { draw, serve } from "../../testing/page.ts";
import { OptionControl } from "./option-control.tsx";
import { findOptions } from "./option-search.ts";
import { SettingsPage } from "./settings-page.tsx";

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
        onRefused={() => undefined}
        resets={0}
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

test("Reset all takes a text away that was refused, though nothing is changed yet", async () => {
  const state = {
    values: DEFAULT_OPTIONS,
    defaults: DEFAULT_OPTIONS,
    imported: [],
    notTaken: [],
    importFault: null,
    withoutEffect: {},
    fault: null,
  };
  const asked = serve({ getOptions: state, resetOptions: state });
  const user = draw(<SettingsPage />);
  const field = await screen.findByLabelText<HTMLInputElement>(/^Quality for saved jpeg/u);
  const all = screen.getByRole<HTMLButtonElement>("button", { name: "Reset all" });
  expect(all.disabled).toBe(true);
  await user.clear(field);
  await user.type(field, "lots");
  await user.tab();
  expect(await screen.findByText("A number is needed here")).toBeDefined();
  await user.click(all);
  await waitFor(() => expect(field.value).toBe(String(DEFAULT_OPTIONS.jpeg_quality)));
  expect(screen.queryByText("A number is needed here")).toBeNull();
  expect(asked.find(({ route }) => route === "resetOptions")?.body).toEqual({ names: ["jpeg_quality"] });
  await waitFor(() => expect(all.disabled).toBe(true));
});
