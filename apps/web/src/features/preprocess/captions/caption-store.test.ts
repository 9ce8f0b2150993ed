// @vitest-environment happy-dom
/** @file Captions are saved once the typing rests, never lost on the way, and never set back by an earlier save. */
import type { DatasetPicture } from "@lexeme/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

type CaptionStore = typeof import("./caption-store.ts");

const PATH = "/data/datasets/mira/00000-0-01.png";
/** The captions that the server was asked to write, and its answer; the test plays the server. */
let asked: string[];
let answer: () => Promise<Response>;

function written(caption: string): Response {
  const picture: DatasetPicture = {
    path: PATH,
    file: "00000-0-01.png",
    width: 128,
    height: 128,
    caption,
    hasCaptionFile: true,
    captionFault: null,
    promptFault: null,
  };
  return Response.json(picture);
}

/** A page that was just loaded: only local storage is left of the page before. */
async function load(): Promise<CaptionStore> {
  vi.resetModules();
  return import("./caption-store.ts");
}

function standing(store: CaptionStore): { draft: string | undefined; status: unknown } {
  const { drafts, statuses } = store.captionStore.getState();
  return { draft: drafts[PATH], status: statuses[PATH] };
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  asked = [];
  answer = () => Promise.resolve(written(asked.at(-1) ?? ""));
  vi.stubGlobal("fetch", (_url: string, init: { body: string }) => {
    asked.push((JSON.parse(init.body) as { caption: string }).caption);
    return answer();
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a caption is saved once, half a second after the last key", async () => {
  const store = await load();
  store.typeCaption(PATH, "re");
  await vi.advanceTimersByTimeAsync(400);
  store.typeCaption(PATH, "red hair");
  await vi.advanceTimersByTimeAsync(499);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual(["red hair"]);
  expect(standing(store)).toEqual({ draft: undefined, status: { kind: "saved" } });
});

test("a caption that was typed and not saved is there after a reload, and is saved then", async () => {
  const before = await load();
  before.typeCaption(PATH, "red hair");
  const after = await load();
  expect(standing(after).draft).toBe("red hair");
  after.saveAll([]);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual(["red hair"]);
  expect((await load()).captionStore.getState().drafts).toEqual({});
});

test("a failed save shows the reason and keeps the text", async () => {
  const store = await load();
  answer = () =>
    Promise.resolve(
      Response.json({ code: "DISK_FULL", kind: "environment", message: "The disk is full" }, { status: 507 }),
    );
  store.typeCaption(PATH, "red hair");
  await vi.advanceTimersByTimeAsync(500);
  expect(standing(store)).toEqual({ draft: "red hair", status: { kind: "failed", message: "The disk is full" } });
  answer = () => Promise.resolve(written("red hair"));
  await store.saveNow(PATH);
  expect(standing(store)).toEqual({ draft: undefined, status: { kind: "saved" } });
});

test("the draft of a picture that is gone is not sent again after the server said so", async () => {
  const store = await load();
  answer = () =>
    Promise.resolve(
      Response.json({ code: "FILE_MISSING", kind: "missing", message: "Nothing there" }, { status: 404 }),
    );
  store.typeCaption(PATH, "red hair");
  await vi.advanceTimersByTimeAsync(500);
  expect(standing(store)).toEqual({ draft: undefined, status: undefined });
  const after = await load();
  after.saveAll([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual(["red hair"]);
});

test("an answer to an earlier save does not take away text that was typed meanwhile", async () => {
  const store = await load();
  let release: (response: Response) => void = () => undefined;
  answer = () => new Promise((resolve) => (release = resolve));
  store.typeCaption(PATH, "red");
  await vi.advanceTimersByTimeAsync(500);
  store.typeCaption(PATH, "red hair");
  release(written("red"));
  await vi.advanceTimersByTimeAsync(0);
  expect(standing(store).draft).toBe("red hair");
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual(["red", "red hair"]);
});

test("a later save waits for the earlier one, so that the later caption stays", async () => {
  const store = await load();
  let release: (response: Response) => void = () => undefined;
  answer = () => new Promise((resolve) => (release = resolve));
  store.typeCaption(PATH, "red");
  await vi.advanceTimersByTimeAsync(500);
  store.typeCaption(PATH, "red hair");
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toEqual(["red"]);
  release(written("red"));
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual(["red", "red hair"]);
});

test("a save that is never answered fails after a while, and the caption typed meanwhile is saved", async () => {
  const store = await load();
  answer = () => new Promise(() => undefined);
  store.typeCaption(PATH, "red");
  await vi.advanceTimersByTimeAsync(500);
  answer = () => Promise.resolve(written(asked.at(-1) ?? ""));
  store.typeCaption(PATH, "red hair");
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual(["red"]);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toEqual(["red", "red hair"]);
  expect(standing(store)).toEqual({ draft: undefined, status: { kind: "saved" } });
});
