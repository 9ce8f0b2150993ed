/** @file Numbers as people type them. */
import { screen } from "@testing-library/react";
import { useState, type ReactNode } from "react";
import { expect, test } from "vitest";
import { draw } from "../../testing/page.ts";
import { NumberText } from "../../ui/fields/number-text.tsx";

const values: unknown[] = [];

function Steps({ first = 20 as unknown, step = 1, max = 150 }): ReactNode {
  const [value, setValue] = useState<unknown>(first);
  values.push(value);
  return (
    <NumberText label="Steps" value={value} step={step} max={max} error={bad(value)} onChange={setValue} suffix="px" />
  );
}

function bad(value: unknown): string | undefined {
  return typeof value === "number" ? undefined : "A number is needed here";
}

test.each([
  ["1e3", 1000, "1000"],
  ["0.50", 0.5, "0.5"],
  ["5e-", "5e-", "5e-"],
  ["0,5", "0,5", "0,5"],
  ["many", "many", "many"],
])("%j typed is %j, and %j after it", async (text, value, shown) => {
  const user = draw(<Steps />);
  const field = screen.getByLabelText<HTMLInputElement>("Steps");
  await user.clear(field);
  await user.type(field, text);
  expect(field.value).toBe(text);
  expect(values.at(-1)).toBe(value);
  expect(screen.queryByText("A number is needed here") === null).toBe(typeof value === "number");
  await user.tab();
  expect(field.value).toBe(shown);
});

test("the arrow keys add and take away a step within the bounds", async () => {
  const user = draw(<Steps first={0.2} step={0.1} max={0.4} />);
  await user.click(screen.getByLabelText("Steps"));
  await user.keyboard("{ArrowUp}");
  expect(values.at(-1)).toBe(0.3);
  await user.keyboard("{ArrowUp}{ArrowUp}{ArrowDown}");
  expect(values.at(-1)).toBe(0.3);
});

test("a text that came from elsewhere is told beside the empty field", () => {
  draw(<Steps first="lots" />);
  expect(screen.getByLabelText<HTMLInputElement>("Steps").value).toBe("");
  expect(screen.getByText("“lots”: A number is needed here")).toBeDefined();
});
