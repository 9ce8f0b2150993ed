/** @file The error of the scripts that run before dependencies are installed: a sentence for the user, without a stack. */

/** A fault that the user can cause or fix. The message says what is wrong and what to do. */
export class SetupError extends Error {}

/**
 * Runs an entry point. For a SetupError it prints one sentence and sets exit code 1.
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
