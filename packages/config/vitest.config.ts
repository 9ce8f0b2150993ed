import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["packages/*/{src,test}/**/*.test.ts", "apps/*/{src,test}/**/*.test.{ts,tsx}"],
    // These tests need a GPU, which the gate cannot require.
    exclude: [...configDefaults.exclude, "**/*.gpu.test.ts"],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
