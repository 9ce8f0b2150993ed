/** @file The learning rate as a field: the drawing of its schedule, and the mark on unreadable characters. */
import { screen } from "@testing-library/react";
import { useState, type ReactNode } from "react";
import { expect, test } from "vitest";
import { draw } from "../../../testing/page.ts";
import { LearningRateField } from "./learning-rate-field.tsx";
import { readScheduleFrom } from "./schedule-reading.ts";

function Rate({ text, steps = 2000 }: { text: string; steps?: number }): ReactNode {
  const [value, setValue] = useState(text);
  const field = { name: "learnRate", label: "Learning rate", description: undefined, error: undefined };
  return (
    <LearningRateField
      field={{ ...field, value, isDefault: false, onChange: setValue }}
      schedule={readScheduleFrom({ learnRate: value, steps }, 0)}
    />
  );
}

test("a schedule is drawn as it is typed, with its rates and steps", async () => {
  const user = draw(<Rate text="5e-2:100,5e-3:500,5e-4" />);
  const curve = () => document.querySelectorAll("svg path")[1]?.getAttribute("d");
  expect(screen.getByRole("img").getAttribute("aria-label")).toMatch(/0\.05/);
  expect(curve()?.match(/V/g)).toHaveLength(2);
  expect(screen.getByText("500")).toBeDefined();
  expect(screen.queryByText("1,000")).toBeNull();
  await user.type(screen.getByLabelText("Learning rate"), ":1000,5e-5");
  expect(curve()?.match(/V/g)).toHaveLength(3);
  expect(screen.getByText("1,000")).toBeDefined();
});

test("the characters that cannot be read are marked, and the drawing leaves its place free", async () => {
  const user = draw(<Rate text="5e-2:100, 5e-" />);
  await user.type(screen.getByLabelText("Learning rate"), "x:500");
  expect(screen.getByTestId("schedule-fault").textContent).toBe("5e-x");
  expect(screen.queryByRole("img")).toBeNull();
  expect(document.querySelectorAll('[data-empty="true"]')).toHaveLength(1);
});

test("a schedule that ends early says so", () => {
  draw(<Rate text="0.005:100" />);
  expect(screen.getByText(/stops at step 100/)).toBeDefined();
});

test.each([
  ["0,005", /write 0\.005 with a dot/u],
  ["1e99", /destroys the vectors/u],
  ["5e-3:100, 40", /"40" destroys the vectors/u],
])("%s gets a remark beside the field", (text, remark) => {
  draw(<Rate text={text} />);
  expect(screen.getByText(remark)).toBeDefined();
});
