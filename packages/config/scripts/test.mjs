/** @file `npm test`: sets up a fresh clone, finds or fetches a browser, then runs the gate. Plain JavaScript, because nothing is installed yet. */
import { checkNodeVersion } from "./setup/node-version.mjs";
import { endWithNpm } from "./setup/end-with-npm.mjs";
import { reportSetupErrors } from "./setup/setup-error.mjs";

await reportSetupErrors(async () => {
  checkNodeVersion();
  const { setUp } = await import("./setup/set-up.mjs");
  const { findBrowser } = await import("./setup/find-browser.mjs");
  const { runTypeScript } = await import("./setup/workspace.mjs");
  endWithNpm();
  // The set-up does not build the page, because building is one of the gate's stages.
  await setUp({ dependenciesOnly: true });
  process.env["LEXEME_CHROMIUM"] = await findBrowser();
  await runTypeScript("packages/config/scripts/ok.ts", process.argv.slice(2));
});
