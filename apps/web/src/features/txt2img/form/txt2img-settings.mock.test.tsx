/** @file txt2img's column: a key draws the field it was typed into, and nothing else. */
import { screen } from "@testing-library/react";
import { createElement, type ComponentType } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { txt2imgForm } from "../../../state/forms.ts";
import { draw, serve } from "../../../testing/page.ts";
import { Txt2imgSettingsColumn } from "./txt2img-settings.tsx";

/** How often each field was drawn, by its label. */
const drawn = vi.hoisted(() => new Map<string, number>());

// Counts how often each of Mantine's inputs is drawn: a field that draws its input has been drawn itself.
vi.mock("@mantine/core", async (original) => {
  const mantine = await original<typeof import("@mantine/core")>();
  const counted = (component: object) => {
    function Counted(props: { label?: unknown }) {
      const label = String(props.label);
      drawn.set(label, (drawn.get(label) ?? 0) + 1);
      return createElement(component as ComponentType<object>, props);
    }
    // The theme needs Mantine's own `extend`.
    return Object.assign(Counted, component);
  };
  const { Checkbox, MultiSelect, NumberInput, Select, Textarea, TextInput } = mantine;
  const inputs = { Checkbox, MultiSelect, NumberInput, Select, Textarea, TextInput };
  return {
    ...mantine,
    ...Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, counted(input)])),
  };
});

beforeEach(() => {
  txt2imgForm.reset();
  serve({});
});

test("a key in the prompt draws the prompt, and no other of the column's fields", async () => {
  const user = draw(<Txt2imgSettingsColumn lastSeed={null} lastInfotext={null} promptPlaceholder="a photo" />);
  expect(drawn.size).toBeGreaterThan(40);
  const prompt = screen.getByLabelText("Prompt");
  // The first letter also draws the button beside the prompt, because the prompt is no longer empty.
  await user.type(prompt, "a");
  drawn.clear();
  await user.type(prompt, " sea");
  expect([...drawn.keys()]).toEqual(["Prompt"]);
  expect(txt2imgForm.read().values.prompt).toBe("a sea");
});

test("a key in a number draws that number", async () => {
  const user = draw(<Txt2imgSettingsColumn lastSeed={null} lastInfotext={null} promptPlaceholder="a photo" />);
  drawn.clear();
  await user.type(screen.getByLabelText("CFG Scale"), "5");
  expect([...drawn.keys()]).toEqual(["CFG Scale"]);
});
