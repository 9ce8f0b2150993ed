/** @file Prompt templates: which of two templates with one name counts, and how files that are not templates are shown. */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TemplateFolder } from "./template-folder.ts";

let root: string;
let templates: TemplateFolder;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lexeme-templates-"));
  templates = new TemplateFolder(root);
});
afterEach(() => rm(root, { recursive: true }));

async function put(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
}

it("of two templates with one name the later in A1111's walk is shown and used for training", async () => {
  await put({ "style.txt": "[name] at the top\n", "b/style.txt": "[name] in b\n", "a/style.txt": "[name] in a\n" });
  expect(await templates.list()).toEqual([{ filename: "style.txt", lines: ["[name] in b"], hasName: true }]);
  expect(await templates.require("style.txt")).toEqual(["[name] in b"]);
});

it("other encodings are read, links to files are followed, pipes are not opened", async () => {
  await put({ "west.txt": Buffer.from("caf\xe9 [name]", "latin1"), "mark.txt": "\uFEFFa [name]\r\n\r\nb [name]\r\n" });
  await symlink(join(root, "west.txt"), join(root, "link.TXT"));
  execFileSync("mkfifo", [join(root, "pipe.txt")]);
  expect((await templates.list()).map(({ filename, lines }) => [filename, lines])).toEqual([
    ["link.TXT", ["café [name]"]],
    ["mark.txt", ["a [name]", "", "b [name]"]],
    ["west.txt", ["café [name]"]],
  ]);
});

it("a file that is not text is shown without lines and refused with the reason", async () => {
  await put({ "odd.txt": Uint8Array.from([0xea, 0xf0, 0xe0, 0xf1]), "none.txt": "picture" });
  expect((await templates.list()).map(({ filename, hasName }) => [filename, hasName])).toEqual([
    ["none.txt", false],
    ["odd.txt", false],
  ]);
  await expect(templates.require("odd.txt")).rejects.toMatchObject({ code: "TEMPLATE_UNREADABLE" });
  await expect(templates.require("none.txt")).rejects.toMatchObject({ code: "TEMPLATE_WITHOUT_NAME" });
  await expect(templates.require("gone.txt")).rejects.toMatchObject({ code: "TEMPLATE_MISSING" });
});

it("missing shipped templates are written; a template that a user changed stays", async () => {
  await put({ "style.txt": "mine [name]" });
  await templates.writeMissing({ "style.txt": ["a [name]"], "subject.txt": ["b [name]"] });
  expect((await templates.list()).map(({ lines }) => lines)).toEqual([["mine [name]"], ["b [name]"]]);
});
