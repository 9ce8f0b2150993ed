import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

const COMPONENTS = {
  environment: "happy-dom",
  setupFiles: [fileURLToPath(new URL("../../apps/web/src/testing/fresh-page.ts", import.meta.url))],
};

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    testTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "code",
          include: ["packages/*/{src,test}/**/*.test.ts", "apps/*/{src,test}/**/*.test.ts"],
          // These tests need a GPU, which the gate cannot require.
          exclude: [...configDefaults.exclude, "**/*.gpu.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          ...COMPONENTS,
          name: "components",
          include: ["apps/web/src/**/*.test.tsx"],
          exclude: [...configDefaults.exclude, "**/*.mock.test.tsx"],
          // A component imports most of React and Mantine, which costs more than its tests: files share the modules.
          isolate: false,
        },
      },
      // A file that replaces a module has modules of its own.
      { extends: true, test: { ...COMPONENTS, name: "mocks", include: ["apps/web/src/**/*.mock.test.tsx"] } },
    ],
  },
});
