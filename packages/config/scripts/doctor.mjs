/** @file `npm run doctor`: installs what is missing, then runs the doctor. Plain JavaScript, because nothing may be installed yet. */
import { checkNodeVersion } from "./setup/node-version.mjs";
import { reportSetupErrors } from "./setup/setup-error.mjs";

await reportSetupErrors(async () => {
  checkNodeVersion();
  const { checkDemoFiles } = await import("./setup/check-demo-files.mjs");
  const { setUp } = await import("./setup/set-up.mjs");
  const { runTypeScript } = await import("./setup/workspace.mjs");
  await setUp({ dependenciesOnly: true });
  await checkDemoFiles();
  await runTypeScript("packages/engine/doctor/main.ts", process.argv.slice(2));
});
