/** @file The seed's field: digits that are typed or taken from a picture, and the reason beside a text that is no seed. */
import { screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test } from "vitest";
import { useField } from "../../../parts/form/use-form.ts";
import { txt2imgForm } from "../../../state/forms.ts";
import { draw, serve } from "../../../testing/page.ts";
import { SeedField } from "./seed-field.tsx";

const SEED = "12345678901234567890";

beforeEach(() => {
  txt2imgForm.reset();
  serve({});
});

function FormSeed({ lastSeed }: { lastSeed: typeof SEED | null }): ReactNode {
  return <SeedField field={useField(txt2imgForm, "seed")} lastSeed={lastSeed} />;
}

function drawField(lastSeed: typeof SEED | null) {
  const user = draw(<FormSeed lastSeed={lastSeed} />);
  return { user, field: screen.getByLabelText<HTMLInputElement>("Seed") };
}

test("every digit that is typed is in the field and in the settings", async () => {
  const { user, field } = drawField(null);
  await user.clear(field);
  await user.type(field, SEED);
  expect(field.value).toBe(SEED);
  expect(txt2imgForm.read().settings).toMatchObject({ seed: SEED });
});

test("the seed of the picture shown is taken over whole, and the dice ask for a random seed", async () => {
  const { user, field } = drawField(SEED);
  await user.click(screen.getByRole("button", { name: "Use the seed of the picture shown" }));
  expect(field.value).toBe(SEED);
  await user.click(screen.getByRole("button", { name: "Random seed" }));
  expect(field.value).toBe("-1");
});

test("a text that is no seed stays in the field, with the reason", async () => {
  const { user, field } = drawField(null);
  await user.clear(field);
  await user.type(field, "18446744073709551616");
  expect(field.value).toBe("18446744073709551616");
  expect(screen.getByText(/^A whole number from -9223372036854775808 to 18446744073709551615/)).toBeDefined();
  expect(txt2imgForm.read().settings).toBeNull();
});
