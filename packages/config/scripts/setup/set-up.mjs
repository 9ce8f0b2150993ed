/** @file The set-up shared by npm start and npm test. A step whose work is already done does nothing. */
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
