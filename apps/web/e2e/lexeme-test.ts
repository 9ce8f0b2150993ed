/** @file The tests' own `test`: a real server on a free port with its own data folder, and the checks for every page. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type ConsoleMessage, type Page } from "@playwright/test";

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));
const SERVER_MAIN = join(REPOSITORY, "apps/server/src/main.ts");
const BUILT_PAGE = join(REPOSITORY, "apps/web/dist/index.html");
/** The very first start of a data folder sets up its database. */
const START_TIMEOUT_MS = 90_000;
/** Preprocess asks whether its destination exists, and the browser logs the answer 404 while it does not. */
const DESTINATION_NOT_THERE = /status of 404 .*\/api\/dataset\?/;

export interface LexemeServer {
  url: string;
  dataDir: string;
  /** Ends the server's process; `start` brings it back on the same port and folder. */
  stop: () => Promise<void>;
  start: () => Promise<void>;
}

interface PageFixtures {
  /** Errors that a test provokes on purpose; any other error in the browser's console fails the test. */
  expectedConsoleErrors: RegExp | null;
}

/** `server` lives as long as its test file; `page` is opened on it by relative addresses. */
export const test = base.extend<PageFixtures, { server: LexemeServer; serverArguments: string[]; testFile: string }>({
  /** `test.use({ testFile: import.meta.url })` in every file: only then does Playwright give the file its own worker and so its own server. */
  testFile: ["", { scope: "worker", option: true }],
  /** More command-line arguments, such as `test.use({ serverArguments: ["--auth", "anna:secret"] })`. */
  serverArguments: [[], { scope: "worker", option: true }],
  server: [
    async ({ serverArguments, testFile }, use) => {
      const dataDir = await mkdtemp(join(tmpdir(), `lexeme-e2e-${basename(testFile, ".spec.ts")}-`));
      const server = await startServer(dataDir, ["--port", String(await freePort()), ...serverArguments]);
      await use(server);
      await server.stop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
    { scope: "worker", timeout: START_TIMEOUT_MS },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  expectedConsoleErrors: [null, { option: true }],
  page: async ({ page, expectedConsoleErrors }, use) => {
    const errors: string[] = [];
    const note = (text: string): void => {
      if (!DESTINATION_NOT_THERE.test(text) && expectedConsoleErrors?.test(text) !== true) errors.push(text);
    };
    page.on("console", (message: ConsoleMessage) => {
      if (message.type() === "error") note(`${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => note(error.stack ?? error.message));
    await use(page);
    expect(errors, "errors in the browser's console").toEqual([]);
  },
});

export { expect } from "@playwright/test";

/** No violation of WCAG A or AA, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // The page follows the system's scheme by a script, a moment after the style sheets.
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
    const { violations } = await new AxeBuilder({ page })
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"])
      .analyze();
    const found = violations.map(
      ({ id, nodes }) =>
        `${colorScheme}: ${id}: ${nodes.map((node) => `${node.html} (${node.failureSummary ?? ""})`).join("\n")}`,
    );
    expect(found).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
}

/** Nothing sticks out sideways on a phone. */
export async function expectNoOverflowOnPhone(page: Page): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  const tooWide = (): string[] =>
    [...document.querySelectorAll("body *")]
      .filter((element) => {
        const { right, left, width } = element.getBoundingClientRect();
        const clipped = element.closest(
          '[class*="VisuallyHidden"], svg, [aria-hidden="true"], [data-scrolls-sideways]',
        );
        return (
          width > 0 &&
          clipped === null &&
          (right > innerWidth + 1 || left < -1) &&
          getComputedStyle(element).position !== "fixed"
        );
      })
      .map((element) => element.outerHTML.slice(0, 160));
  // Virtual rows are laid out again a frame or two after the window has changed.
  await expect.poll(() => page.evaluate(tooWide)).toEqual([]);
  if (before !== null) await page.setViewportSize(before);
}

async function startServer(dataDir: string, serverArguments: string[]): Promise<LexemeServer> {
  if (!existsSync(BUILT_PAGE)) throw new Error("The page is not built; run `pnpm build` first");
  let child: ChildProcess | null = null;
  const url = `http://127.0.0.1:${serverArguments[1]}`;

  async function start(): Promise<void> {
    const output: string[] = [];
    const started = spawn(
      process.execPath,
      ["--import", "tsx", SERVER_MAIN, "--data-dir", dataDir, ...serverArguments],
      { cwd: REPOSITORY, stdio: ["ignore", "pipe", "pipe"] },
    );
    child = started;
    for (const stream of [started.stdout, started.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      if (started.exitCode !== null) throw new Error(`The server ended with ${started.exitCode}:\n${output.join("")}`);
      const answer = await fetch(`${url}/api/system`).catch(() => null);
      // 401: the server is up and asks for a password.
      if (answer?.ok === true || answer?.status === 401) return;
      if (Date.now() > deadline) throw new Error(`The server did not start:\n${output.join("")}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async function stop(): Promise<void> {
    const running = child;
    if (running === null || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGTERM");
    const timer = setTimeout(() => running.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(timer);
    child = null;
  }

  await start();
  return { url, dataDir, start, stop };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
