/** @file `npm start`: sets up a fresh clone, then runs the server. Plain JavaScript, because nothing is installed yet. */
import { checkNodeVersion } from "./setup/node-version.mjs";
import { endWithNpm } from "./setup/end-with-npm.mjs";
import { reportSetupErrors } from "./setup/setup-error.mjs";

await reportSetupErrors(async () => {
  checkNodeVersion();
  // Imported after the version check, because these modules use features that an older Node lacks.
  const { setUp } = await import("./setup/set-up.mjs");
  const { runTypeScript } = await import("./setup/workspace.mjs");
  endWithNpm();
  const args = process.argv.slice(2);
  const onlyAsks = args.some((arg) => ["--help", "-h", "--version", "-v"].includes(arg));
  await setUp({ dependenciesOnly: onlyAsks });
  await runTypeScript("apps/server/src/main.ts", args);
});
