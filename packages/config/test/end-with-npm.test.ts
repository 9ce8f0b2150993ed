/** @file SIGTERM to npm alone ends the program that it started; a killed npm takes the program along or leaves it well. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

const MODULE = new URL("../scripts/setup/end-with-npm.mjs", import.meta.url).href;
let folder: string;
let pid: number | undefined;

afterEach(async () => {
  if (pid !== undefined && isAlive(pid)) process.kill(pid, "SIGKILL");
  await rm(folder, { recursive: true });
});

/** Starts a package whose program works until SIGTERM or SIGINT, and returns npm's process. */
async function startWithNpm() {
  folder = await mkdtemp(join(tmpdir(), "lexeme-npm-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ scripts: { start: "node program.mjs" } }));
  const program = `
    import { writeFileSync } from "node:fs";
    import { endWithNpm } from ${JSON.stringify(MODULE)};
    endWithNpm();
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => { writeFileSync("saved", ""); process.exit(0); });
    setInterval(() => writeFileSync("beat", String(Date.now())), 100);
    writeFileSync("pid", String(process.pid));
  `;
  await writeFile(join(folder, "program.mjs"), program);
  const npm = spawn("npm", ["start"], { cwd: folder, stdio: "ignore", detached: true });
  await until(() => existsSync(join(folder, "beat")), 30_000);
  pid = Number(await readFile(join(folder, "pid"), "utf8"));
  return npm;
}

test("SIGTERM to npm alone lets the program save and end", async () => {
  const npm = await startWithNpm();
  npm.kill("SIGTERM");
  await until(() => !isAlive(pid!), 10_000);
  expect(existsSync(join(folder, "saved"))).toBe(true);
}, 60_000);

test("a killed npm takes the program along, or the program goes on", async () => {
  const npm = await startWithNpm();
  npm.kill("SIGKILL");
  await new Promise((wake) => setTimeout(wake, 2000));
  if (existsSync(join(folder, "saved"))) return expect(isAlive(pid!)).toBe(false);
  const beat = Number(await readFile(join(folder, "beat"), "utf8"));
  expect(Date.now() - beat).toBeLessThan(1500);
}, 60_000);

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(isSo: () => boolean, limitMs: number): Promise<void> {
  const end = Date.now() + limitMs;
  while (!isSo()) {
    if (Date.now() > end) throw new Error("waited in vain");
    await new Promise((wake) => setTimeout(wake, 50));
  }
}
