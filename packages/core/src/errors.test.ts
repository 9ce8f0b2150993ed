import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { LexemeError, rethrowOwnMistake, withField } from "./errors.ts";
import { FAILURES, isFailureCode, type FailureCode } from "./failures.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

function sources(): string {
  const files = ["packages", "apps"].flatMap((group) =>
    readdirSync(join(ROOT, group), { recursive: true, encoding: "utf8" })
      .filter((file) => /^[^/]+[/]src[/].*[.]tsx?$/u.test(file) && !/[.]test[.]tsx?$|failures[.]ts$/u.test(file))
      .map((file) => readFileSync(join(ROOT, group, file), "utf8")),
  );
  return files.join("\n");
}

describe("the table of failures", () => {
  const codes = Object.keys(FAILURES) as FailureCode[];

  it("is sorted, and its sentences end without a period", () => {
    expect(codes).toEqual(codes.toSorted());
    for (const code of codes) expect(FAILURES[code].sentence).toMatch(/^[A-Z`].*[^.]$/u);
  });

  it("has no unused code: remove the codes listed here", () => {
    const text = sources();
    expect(codes.filter((code) => !text.includes(`"${code}"`))).toEqual([]);
  });

  it("tells its codes from other texts", () => {
    expect(["DISK_FULL", "NOBODY_KNOWS", "toString"].map(isFailureCode)).toEqual([true, false, false]);
  });
});

describe("LexemeError", () => {
  it("carries code, kind, details and cause", () => {
    const cause = new Error("below");
    const error = new LexemeError("FILE_EXISTS", "Cannot do that", { details: { path: "a" }, cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "LexemeError",
      message: "Cannot do that",
      code: "FILE_EXISTS",
      kind: "conflict",
      details: { path: "a" },
      cause,
    });
    expect("cause" in new LexemeError("FILE_EXISTS", "x")).toBe(false);
  });

  it("has the table's sentence when no message is given", () => {
    expect(new LexemeError("DISK_FULL").message).toBe(FAILURES.DISK_FULL.sentence);
  });
});

describe("withField", () => {
  const fail = (): never => {
    throw new LexemeError("FILE_EXISTS", "taken", { details: { path: "a" } });
  };

  it("adds the field to the error's details, for synchronous and asynchronous checks", async () => {
    const expected = { code: "FILE_EXISTS", message: "taken", details: { path: "a", field: "name" } };
    expect(() => withField("name", fail)).toThrow(expect.objectContaining(expected));
    await expect(withField("name", async () => fail())).rejects.toMatchObject(expected);
    expect(await withField("name", async () => 7)).toBe(7);
  });

  it("leaves other errors as they are", () => {
    const other = new TypeError("a mistake");
    expect(() =>
      withField("name", () => {
        throw other;
      }),
    ).toThrow(other);
  });
});

describe("rethrowOwnMistake", () => {
  it("throws mistakes of calling code again and lets all other causes pass", () => {
    for (const Mistake of [TypeError, RangeError, SyntaxError, ReferenceError])
      expect(() => rethrowOwnMistake(new Mistake("a mistake"))).toThrow(Mistake);
    for (const cause of [new LexemeError("DISK_FULL"), new Error("of sharp"), "text", undefined])
      expect(rethrowOwnMistake(cause)).toBeUndefined();
  });
});
