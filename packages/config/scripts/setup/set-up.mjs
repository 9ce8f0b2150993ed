/** @file The set-up that npm start and npm test share; every step does nothing when its work is already done. */
import { buildWeb } from "./build-web.mjs";
import { checkDemoFiles } from "./check-demo-files.mjs";
import { installDependencies } from "./install-dependencies.mjs";

/**
 * @param {{ dependenciesOnly?: boolean }} [options]
 * @throws {SetupError} from the step that failed
 */
export async function setUp(options = {}) {
  await installDependencies();
  if (options.dependenciesOnly) return;
  await checkDemoFiles();
  await buildWeb();
}
