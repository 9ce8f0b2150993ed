/** @file The error of everything that runs before dependencies exist: a sentence for the user, never a stack. */

/** Something the user can cause or fix; the message says what is wrong and what to do. */
export class SetupError extends Error {}

/**
 * Runs an entry point and turns a SetupError into one sentence and exit code 1.
 * @param {() => Promise<void>} main
 */
export async function reportSetupErrors(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
