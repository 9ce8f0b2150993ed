/** @file Tests the restricted reader with pickles made by hand: hostile, cut short, or only unusual. */
import { describe, expect, it } from "vitest";
import { unpickle } from "./pickle.ts";

const read = (text: string) => unpickle(Buffer.from(text, "latin1"), { persistentLoad: (id) => id }).value;
const code = (text: string) => {
  try {
    read(text);
    return "read";
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : "another error";
  }
};

describe("unpickle", () => {
  it("reads plain values", () => {
    expect(read("\x80\x02]q\x00(K\x05M\x01\x02J\xff\xff\xff\xffNX\x02\x00\x00\x00hi\x88\x89h\x00e.")).toHaveLength(8);
    expect(read("\x80\x02}(U\x01aK\x01U\x01bG?\xf0\x00\x00\x00\x00\x00\x00u.")).toEqual(
      new Map<unknown, unknown>([
        ["a", 1],
        ["b", 1],
      ]),
    );
    expect(read("\x80\x02\x8a\x02\x00\xff.")).toBe(-256);
    expect(read("\x80\x02\x8a\x00.")).toBe(0);
    expect(read("\x80\x04\x8c\x01a\x94\x8c\x01b\x94\x86\x94h\x00\x86.")).toEqual([["a", "b"], "a"]);
    expect(read("\x80\x02ccollections\nOrderedDict\n]](K\x01K\x02ea\x85R.")).toEqual(new Map([[1, 2]]));
  });

  it("labels permitted names and calls none of them", () => {
    expect(read("\x80\x02ctorch\nSize\n(K\x02K\x03t\x85R.")).toMatchObject({
      kind: "call",
      symbol: { name: "torch.Size" },
      args: [[2, 3]],
    });
  });

  it.each([
    "cos\nsystem\n(U\x02lstR.",
    "\x80\x02cbuiltins\neval\n.",
    "\x80\x04\x8c\x05posix\x8c\x06system\x93.",
    "\x80\x02c__builtin__\ngetattr\n.",
    "\x80\x02ctorch\n__proto__\n.",
    "\x80\x02ctorch\nconstructor\n.",
    "\x80\x02ctorch.hub\nload\n.",
  ])("refuses the name in %j", (text) => {
    expect(code(text)).toBe("PICKLE_FORBIDDEN");
  });

  it.each([
    "",
    "\x80",
    "\x80\x02",
    "\x80\x09.",
    ".",
    "t.",
    "\x80\x02K\x01K\x01R.",
    "\x80\x02X\xff\xff\xff\xffa.",
    "\x80\x02\x8b\xff\xff\xff\x7f.",
    "\x80\x02h\x07.",
    "\x80\x02K\x01K\x02a.",
    "\x80\x02K\x01(K\x02u.",
    "\x80\x02}(K\x02u.",
    "\x80\x02ctorch",
    "\x80\x02I1\n.",
    "\x80\x02q\x00.",
  ])("the error says that %j cannot be read", (text) => {
    expect(code(text)).toBe("PICKLE_UNREADABLE");
  });

  it.each([
    ["past its storage", [10]],
    ["that overflow", [2 ** 31, 2 ** 31]],
  ])("a tensor that reaches %s is refused", (_, shape) => {
    const sizes = shape
      .map(
        (size) =>
          `\x8a\x05${String.fromCharCode(...[0, 8, 16, 24, 32].map((bit) => Math.floor(size / 2 ** bit) & 0xff))}`,
      )
      .join("");
    const strides = shape.map(() => "K\x01").join("");
    const text = `\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(U\x01sQK\x00(${sizes}t(${strides}t\x89NtR.`;
    const storage = { kind: "torch-storage", dtype: "float32", key: "0", size: 4 } as const;
    expect(() => unpickle(Buffer.from(text, "latin1"), { persistentLoad: () => storage })).toThrow(
      expect.objectContaining({ code: "TORCH_TENSOR" }),
    );
  });
});
