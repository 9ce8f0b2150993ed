/** @file The places of the labels of the learning rate. */
import { expect, test } from "vitest";
import { placeLabels } from "./rate-drawing.ts";

const room = { widthOf: (text: string) => text.length * 6, end: 400, gap: 8 };

test("labels stand at their lines, and the last one does not leave the chart", () => {
  const labels = placeLabels(
    [
      { text: "0.005", at: 100 },
      { text: "1.23e-4", at: 390 },
    ],
    room,
  );
  expect(labels).toEqual([
    { text: "0.005", left: 100 },
    { text: "1.23e-4", left: 400 - 7 * 6 },
  ]);
});

test("no label stands over another: of a crowd the newest rate is named", () => {
  const crowd = [10, 14, 20, 100, 104, 390].map((at, i) => ({ text: `0.00${i}`, at }));
  expect(placeLabels(crowd, room).map(({ text }) => text)).toEqual(["0.002", "0.004", "0.005"]);
});
