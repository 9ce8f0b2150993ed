/** @file The notice about A1111's options that change nothing here. */
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { draw } from "../../testing/page.ts";
import { WithoutEffectNotice } from "./without-effect-notice.tsx";

test("an option without effect is named with its value, and without such an option there is no notice", () => {
  draw(<WithoutEffectNotice state={{ withoutEffect: { send_seed: false, hidden_tabs: ["Train"] } }} />);
  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    "send_seed: false",
    'hidden_tabs: ["Train"]',
  ]);
  expect(screen.getByText(/have no effect here/)).toBeDefined();
});

test("nothing set, nothing said", () => {
  draw(<WithoutEffectNotice state={{ withoutEffect: {} }} />);
  expect(screen.queryByText(/no effect/)).toBeNull();
});
