import { expect, test } from "vitest";
import { MessageWriter } from "./wire.ts";

// Byte sequences of the protobuf encoding guide (https://protobuf.dev/programming-guides/encoding).
test.each([
  ["a varint of two bytes", new MessageWriter().varint(1, 150), "089601"],
  ["a negative int64", new MessageWriter().varint(1, -2), "08feffffffffffffffff01"],
  ["zero", new MessageWriter().varint(2, 0), "1000"],
  ["a string", new MessageWriter().string(2, "testing"), "120774657374696e67"],
  ["a nested message", new MessageWriter().message(3, new MessageWriter().varint(1, 150)), "1a03089601"],
  ["packed numbers", new MessageWriter().packedVarints(6, [3, 270, 86942]), "3206038e029ea705"],
  ["a float", new MessageWriter().float(1, 1), "0d0000803f"],
  ["a field number above 15", new MessageWriter().varint(20, 7), "a00107"],
])("%s", (_, message, expected) => {
  expect(Buffer.from(message.finish()).toString("hex")).toBe(expected);
});
