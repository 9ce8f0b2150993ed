/** @file Type-checks every package that has a tsconfig.json, one at a time, because tsc already uses every core. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { runChild } from "./setup/run-child.mjs";
import { ROOT, toolPath } from "./setup/workspace.mjs";

/** Folders of the workspace's packages, relative to the root. */
export function listPackages(): string[] {
  return ["packages", "apps"].flatMap((group) =>
    readdirSync(path.join(ROOT, group))
      .toSorted()
      .map((name) => `${group}/${name}`)
      .filter((folder) => existsSync(path.join(ROOT, folder, "package.json"))),
  );
}

/** Whether the types of every package are correct. Prints the errors. */
export async function checkTypes(): Promise<boolean> {
  const tsc = toolPath("typescript");
  let ok = true;
  for (const folder of listPackages()) {
    if (!existsSync(path.join(ROOT, folder, "tsconfig.json"))) continue;
    const { code } = await runChild(process.execPath, [tsc, "-p", folder], { cwd: ROOT });
    ok &&= code === 0;
  }
  return ok;
}
