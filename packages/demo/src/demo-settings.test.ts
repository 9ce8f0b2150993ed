/** @file The demo's settings fill fields without a remark. */
import { expect, test } from "vitest";
import { DEMO_SETTINGS } from "./index.ts";

test("every rate of the schedule is used, and every bracket of the prompt has a partner", () => {
  const ends = DEMO_SETTINGS.train.learnRate.split(",").slice(0, -1);
  for (const item of ends) expect(Number(item.split(":")[1])).toBeLessThan(DEMO_SETTINGS.train.steps);
  const count = (bracket: string) => DEMO_SETTINGS.txt2img.prompt.split(bracket).length;
  expect([count("("), count("[")]).toEqual([count(")"), count("]")]);
});
