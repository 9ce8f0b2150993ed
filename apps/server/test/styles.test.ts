/** @file styles.csv over HTTP: read like A1111 reads it, written whole, without losing any of it. */
import { lstat, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PromptStyle, StyleList } from "@lexeme/domain/styles";
import type { Job } from "@lexeme/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
let path: string;

beforeAll(async () => {
  app = await testApp();
  path = join(app.dataDir, "styles.csv");
}, 120_000);
afterAll(() => app.end(), 30_000);
beforeEach(() => rm(path, { force: true }));

async function send(method: "GET" | "PUT" | "POST", url: string, payload?: object) {
  const answer = await app.server.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, body: answer.json<never>() };
}

async function list(): Promise<StyleList> {
  return (await send("GET", "/api/styles")).body;
}

async function save(style: Partial<PromptStyle>, formerName?: string) {
  return send("PUT", "/api/styles", { style, version: (await list()).version, ...(formerName && { formerName }) });
}

async function remove(name: string) {
  return send("POST", "/api/styles/delete", { name, version: (await list()).version });
}

const content = () => readFile(path, "utf8");

describe("reading", () => {
  test("without a file there are no styles", async () => {
    expect(await list()).toMatchObject({ styles: [], notes: [], fault: null, path });
  });

  test("A1111's files: byte order mark, quotes, line breaks in a field, spaces after commas, empty lines", async () => {
    const text =
      "\uFEFFname,prompt,negative_prompt\r\n" +
      'Oil,"oil painting of {prompt}, ""framed""",blurry\r\n' +
      "\r\n" +
      '"Two, lines","first\r\nsecond", "spaced"\r\n' +
      "Short,only a prompt";
    await writeFile(path, text);
    expect((await list()).styles).toEqual([
      { name: "Oil", prompt: 'oil painting of {prompt}, "framed"', negativePrompt: "blurry" },
      { name: "Two, lines", prompt: "first\r\nsecond", negativePrompt: "spaced" },
      { name: "Short", prompt: "only a prompt", negativePrompt: "" },
    ]);
  });

  test("columns in any order, A1111's former name of the prompt, and the later of two styles with one name", async () => {
    await writeFile(path, "text,rating,name\nfirst,5,Oil\nother,4,Rain\nsecond,3,Oil\n");
    expect((await list()).styles).toEqual([
      { name: "Oil", prompt: "second", negativePrompt: "" },
      { name: "Rain", prompt: "other", negativePrompt: "" },
    ]);
  });

  test("a line that is cut by a comma gives a note, a file that cannot be read whole gives an error", async () => {
    await writeFile(path, "name,prompt,negative_prompt\nOil,oil, canvas, old\n");
    expect((await list()).notes).toEqual([expect.stringContaining("Line 2 has more columns")]);
    await writeFile(path, 'name,prompt,negative_prompt\nOil,oil,\nRain,"rain,\nSnow,snow,\n');
    expect(await list()).toMatchObject({ styles: [], fault: expect.stringContaining("line 3") as string });
    await writeFile(path, "Oil,oil,\n");
    expect((await list()).fault).toContain("name,prompt,negative_prompt");
    await writeFile(path, Buffer.from("name,prompt,negative_prompt\nCaf\xe9,x,\n", "latin1"));
    expect((await list()).fault).toContain("UTF-8");
  });
});

describe("writing", () => {
  test("a first style makes the file as A1111 makes it", async () => {
    await save({ name: "Oil", prompt: 'oil, "thick"', negativePrompt: "two\nlines" });
    expect(await content()).toBe('\uFEFFname,prompt,negative_prompt\r\nOil,"oil, ""thick""","two\nlines"\r\n');
    expect((await list()).styles).toEqual([{ name: "Oil", prompt: 'oil, "thick"', negativePrompt: "two\nlines" }]);
  });

  test("only the record of the style changes: other columns, broken lines and line ends stay exactly the same", async () => {
    const before =
      "rating,name,prompt,negative_prompt\n5,Oil,oil,\n\n;;; what is this\n4 , Rain,'rain,a,b,c\n3,Snow,snow,";
    await writeFile(path, before);
    await save({ name: "Oil", prompt: "thick oil", negativePrompt: "thin" });
    expect(await content()).toBe(before.replace("5,Oil,oil,\n", "5,Oil,thick oil,thin\r\n"));
    await save({ name: "New", prompt: "new" });
    expect(await content()).toBe(`${before.replace("5,Oil,oil,\n", "5,Oil,thick oil,thin\r\n")}\r\n,New,new,\r\n`);
    await remove("New");
    await remove("Oil");
    expect(await content()).toBe(`${before.replace("5,Oil,oil,\n", "")}\r\n`);
  });

  test("a rename keeps the place and hides no other style", async () => {
    await writeFile(path, "name,prompt,negative_prompt\nA,a,\nB,b,\nC,c,\n");
    const taken = await save({ name: "C", prompt: "a" }, "A");
    expect(taken).toMatchObject({ status: 409, body: { code: "STYLE_EXISTS", details: { field: "name" } } });
    await save({ name: "Z", prompt: "a" }, "A");
    expect(await content()).toBe("name,prompt,negative_prompt\nZ,a,\r\nB,b,\nC,c,\n");
  });

  test("a file without a column for negative prompts gets the column when it is needed", async () => {
    await writeFile(path, "name,text\nA,a\n");
    await save({ name: "B", prompt: "b" });
    expect(await content()).toBe("name,text\nA,a\nB,b\r\n");
    await save({ name: "B", prompt: "b", negativePrompt: "not" });
    expect(await content()).toBe("name,text,negative_prompt\r\nA,a\nB,b,not\r\n");
  });

  test("a file that was changed meanwhile is not overwritten", async () => {
    await writeFile(path, "name,prompt,negative_prompt\nA,a,\n");
    const { version } = await list();
    const theirs = "name,prompt,negative_prompt\nA,a,\nB,b,\n";
    await writeFile(path, theirs);
    const refused = await send("PUT", "/api/styles", { style: { name: "A", prompt: "x" }, version });
    expect(refused).toMatchObject({ status: 409, body: { code: "STYLES_CHANGED" } });
    expect(await content()).toBe(theirs);
    // Of two changes at once, one is based on the former text.
    const now = (await list()).version;
    const both = await Promise.all(
      ["C", "D"].map((name) => send("PUT", "/api/styles", { style: { name, prompt: "x" }, version: now })),
    );
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  test("a file that cannot be read whole is not written", async () => {
    const broken = 'name,prompt,negative_prompt\nA,"a,\n';
    await writeFile(path, broken);
    expect(await save({ name: "B", prompt: "b" })).toMatchObject({ status: 409, body: { code: "STYLES_UNREADABLE" } });
    expect(await content()).toBe(broken);
  });

  test("a link stays a link", async () => {
    await writeFile(path, "name,prompt,negative_prompt\nA,a,\n");
    const elsewhere = join(app.dataDir, "elsewhere.csv");
    await rename(path, elsewhere);
    await symlink(elsewhere, path);
    await save({ name: "B", prompt: "b" });
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(elsewhere, "utf8")).toContain("B,b,");
  });

  test("a deleted style is restored in its place, unless the file was changed since", async () => {
    const before = "name,prompt,negative_prompt\nA,a,\nB,b,\n";
    await writeFile(path, before);
    const { undoToken } = (await remove("A")).body as { undoToken: string };
    expect((await list()).styles.map(({ name }) => name)).toEqual(["B"]);
    await send("POST", "/api/styles/undo", { undoToken });
    expect(await content()).toBe(before);
    expect(await send("POST", "/api/styles/undo", { undoToken })).toMatchObject({ status: 404 });
    const again = (await remove("A")).body as { undoToken: string };
    await save({ name: "C", prompt: "c" });
    expect(await send("POST", "/api/styles/undo", again)).toMatchObject({ status: 409 });
    expect(await remove("A")).toMatchObject({ status: 404, body: { code: "STYLE_MISSING" } });
  });
});

describe("a job", () => {
  test("names its styles; a missing style is refused by name", async () => {
    await app.services.jobs.ready;
    await writeFile(path, 'name,prompt,negative_prompt\nOil,"done {prompt}, oil",blurry\n');
    const settings = { prompt: "a cat", styles: ["Oil"] };
    const job = (await send("POST", "/api/jobs", { kind: "txt2img", settings })).body as Job;
    expect(job.request.settings).toMatchObject(settings);
    const refused = await send("POST", "/api/jobs", { kind: "txt2img", settings: { prompt: "x", styles: ["Rain"] } });
    expect(refused).toMatchObject({ status: 404, body: { code: "STYLE_MISSING", details: { field: "styles" } } });
    expect(JSON.stringify(refused.body)).toContain('style \\"Rain\\"');
    await send("POST", `/api/jobs/${job.id}/cancel`);
  });
});
