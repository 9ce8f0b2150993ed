// @vitest-environment happy-dom
/** @file Forms: values that the user set survive, better defaults reach the other fields, and faults show at the right time. */
import { TrainSettingsSchema, CreateEmbeddingSettingsSchema } from "@lexeme/domain/settings";
import { beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";

/** A page that was just loaded: only local storage is left of the page before. */
async function load(): Promise<typeof import("./form-store.ts") & typeof import("@lexeme/core")> {
  vi.resetModules();
  // The error's class as this page knows it.
  return { ...(await import("./form-store.ts")), ...(await import("@lexeme/core")) };
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test("fields come from the schema's defaults, and one without a default starts empty", async () => {
  const { formStore } = await load();
  const { values } = formStore(CreateEmbeddingSettingsSchema, "create").read();
  expect(values).toEqual({
    name: "",
    initText: "*",
    numVectorsPerToken: 1,
    overwriteOld: false,
    checkpoint: null,
    fileFormat: "pt",
  });
});

test("changed values survive a reload, valid or not", async () => {
  const before = (await load()).formStore(TrainSettingsSchema, "train");
  before.patch({ learnRate: "5e-2:100,", steps: "" as unknown as number });
  const after = (await load()).formStore(TrainSettingsSchema, "train").read();
  expect(after.values.learnRate).toBe("5e-2:100,");
  expect(after.values.steps).toBe("");
  expect(after.settings).toBeNull();
});

test("a default found at run time fills untouched fields only, and a reset returns to it", async () => {
  const form = (await load()).formStore(TrainSettingsSchema, "train");
  form.patch({ trainingHeight: 256 });
  form.setDefaults({ trainingWidth: 128, trainingHeight: 128 });
  expect(form.read().values).toMatchObject({ trainingWidth: 128, trainingHeight: 256 });
  form.reset(["trainingHeight"]);
  expect(form.read().values.trainingHeight).toBe(128);
});

test("an empty field is a fault only once a start was tried", async () => {
  const form = (await load()).formStore(CreateEmbeddingSettingsSchema, "create");
  expect(form.read().errors).toEqual({});
  expect(form.submit()).toBeNull();
  expect(form.read().errors["name"]).toMatch(/^Give the embedding a name/);
});

test.each([
  [{ numVectorsPerToken: 0 }, "At least 1"],
  [{ numVectorsPerToken: 76 }, "At most 75"],
  [{ numVectorsPerToken: 1.5 }, "A whole number"],
])("%j is marked as wrong as it is typed: %s", async (values, message) => {
  const form = (await load()).formStore(CreateEmbeddingSettingsSchema, "create");
  form.patch(values);
  expect(form.read().errors["numVectorsPerToken"]).toBe(message);
});

test("a server's error stands beside its field until that field changes", async () => {
  const { formStore, LexemeError } = await load();
  const form = formStore(CreateEmbeddingSettingsSchema, "create");
  const taken = new LexemeError("EMBEDDING_EXISTS", "mira exists already", { details: { field: "name" } });
  expect(form.placeError(taken)).toBe(true);
  form.patch({ initText: "woman" });
  expect(form.read().errors["name"]).toBe("mira exists already");
  form.patch({ name: "mira2" });
  expect(form.read().errors["name"]).toBeUndefined();
});

test("an error that names no field of this form is not taken", async () => {
  const { formStore, LexemeError } = await load();
  const form = formStore(CreateEmbeddingSettingsSchema, "create");
  const other = new LexemeError("FILE_EXISTS", "No room", { details: { field: "elsewhere" } });
  expect(form.placeError(other)).toBe(false);
  expect(form.placeError(new Error("boom"))).toBe(false);
});

test("a stored text that the form did not write starts it over", async () => {
  localStorage.setItem("lexeme.form.create", "{cut sho");
  expect((await load()).formStore(CreateEmbeddingSettingsSchema, "create").read().values.initText).toBe("*");
  localStorage.setItem("lexeme.form.create", '{"fieldOfAnEarlierVersion": 1}');
  expect((await load()).formStore(CreateEmbeddingSettingsSchema, "create").read().values).not.toHaveProperty(
    "fieldOfAnEarlierVersion",
  );
});

test("a key checks the field it was typed into, and leaves every other as it was", async () => {
  const checked: string[] = [];
  const noted = (name: string) =>
    z
      .string()
      .default("")
      .refine(() => checked.push(name) > 0);
  const form = (await load()).formStore(z.object({ prompt: noted("prompt"), title: noted("title") }), "noted");
  const before = { prompt: form.readField("prompt"), title: form.readField("title"), whole: form.read() };
  checked.length = 0;
  form.patch({ prompt: "a" });
  expect(form.readField("prompt")).toEqual({ value: "a", error: undefined, isDefault: false });
  expect(form.readField("title")).toBe(before.title);
  expect(form.read().settings).toEqual({ prompt: "a", title: "" });
  expect(form.read()).toBe(form.read());
  expect(form.submit()).toBe(form.read().settings);
  expect(checked).toEqual(["prompt"]);
});

test("settings stay the same object until a value changes, even if a field gets an error meanwhile", async () => {
  const { formStore, LexemeError } = await load();
  const form = formStore(CreateEmbeddingSettingsSchema, "create");
  form.patch({ name: "mira" });
  const { settings } = form.read();
  form.placeError(new LexemeError("EMBEDDING_EXISTS", "mira exists already", { details: { field: "name" } }));
  expect(form.read().settings).toBe(settings);
  expect(form.readField("name").error).toBe("mira exists already");
});

test("a schema with a check over several fields is refused", async () => {
  const { formStore } = await load();
  const schema = z
    .object({ from: z.number().default(0), to: z.number().default(1) })
    .refine(({ from, to }) => from < to);
  expect(() => formStore(schema, "range")).toThrow(TypeError);
});
