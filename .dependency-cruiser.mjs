/** @file The architecture as data: an edge between packages that is not in MAY_IMPORT does not exist. */

const MAY_IMPORT = {
  "packages/core": [],
  "packages/domain": ["core", "schedulers"],
  "packages/protocol": ["core", "domain"],
  "packages/formats": ["core"],
  "packages/tokenizer": ["core"],
  "packages/schedulers": ["core"],
  "packages/onnx": ["core"],
  "packages/autodiff": ["core", "onnx"],
  "packages/networks": ["core", "onnx"],
  "packages/runtime": ["core", "onnx"],
  "packages/data-folder": ["core", "domain", "formats"],
  "packages/demo": [],
  "packages/config": [],
  "packages/engine": [
    "core",
    "data-folder",
    "domain",
    "formats",
    "tokenizer",
    "schedulers",
    "onnx",
    "autodiff",
    "networks",
    "runtime",
  ],
  "apps/worker": ["core", "domain", "protocol", "engine"],
  "apps/server": ["core", "data-folder", "domain", "protocol", "formats", "tokenizer", "schedulers", "demo"],
  "apps/web": ["core", "domain", "protocol", "schedulers"],
};

/** Numeric tests run real sessions, so these packages' tests (and nothing else in them) may use runtime. */
const TESTS_MAY_ALSO_IMPORT = {
  "packages/autodiff": ["runtime"],
  "packages/networks": ["runtime", "formats", "autodiff"],
};

const PURE = "^packages/(core|domain|protocol|formats|tokenizer|schedulers|onnx|autodiff|networks)/src/";
const TEST = "[.](test|spec)[.]tsx?$";

export default {
  forbidden: [
    ...Object.entries(MAY_IMPORT).flatMap(([from, to]) => [
      layer(`layer/${from}`, { path: `^${from}/`, pathNot: TEST }, from, to),
      layer(`layer/${from}#tests`, { path: `^${from}/.*${TEST}` }, from, [
        ...to,
        ...(TESTS_MAY_ALSO_IMPORT[from] ?? []),
      ]),
    ]),
    rule("declared", "Undeclared or misspelt imports do not resolve under pnpm", {}, { couldNotResolve: true }),
    rule("acyclic", "No import cycles, type-only ones included", {}, { circular: true }),
    rule(
      "front-door",
      "Other packages are reached through an exported entry, never a deep path",
      { path: "^(?:apps|packages)/([^/]+)/" },
      {
        path: "^packages/[^/]+/src/",
        pathNot: ["^packages/$1/", "^packages/[^/]+/src/(index|node|testing|[^/]+/index)[.]ts$"],
      },
    ),
    rule(
      "catalogue-only",
      "Whoever draws nothing knows samplers and schedules from the catalogue alone",
      { path: "^(packages/(domain|protocol)|apps/(server|web))/" },
      { path: "^packages/schedulers/", pathNot: "^packages/schedulers/src/catalogue/index[.]ts$" },
    ),
    rule(
      "catalogue-is-data",
      "The catalogue of samplers imports nothing but itself",
      { path: "^packages/schedulers/src/catalogue/", pathNot: TEST },
      { pathNot: "^packages/schedulers/src/catalogue/" },
    ),
    rule(
      "by-name",
      "Other packages are imported by name, never by relative path",
      { path: "^(?:apps|packages)/([^/]+)/" },
      { path: "^(?:apps|packages)/", pathNot: "^(?:apps|packages)/$1/", dependencyTypes: ["local"] },
    ),
    rule(
      "pure",
      "Pure packages import no Node built-ins",
      { path: PURE, pathNot: [TEST, "/src/node([.]ts$|/)"] },
      { dependencyTypes: ["core"] },
    ),
    rule(
      "ort-behind-runtime",
      "Only packages/runtime knows onnxruntime",
      { pathNot: "^packages/runtime/" },
      { path: "onnxruntime" },
    ),
    rule(
      "features-are-islands",
      "A web feature never imports another feature",
      { path: "^apps/web/src/features/([^/]+)/" },
      { path: "^apps/web/src/features/", pathNot: "^apps/web/src/features/$1/" },
    ),
    rule(
      "ui-is-dumb",
      "ui/ only draws: it imports itself and core, and no library that keeps or fetches data",
      { path: "^apps/web/src/ui/" },
      {
        path: ["^(apps|packages)/", "/(zustand|wouter|zod|@tanstack)/"],
        pathNot: ["^apps/web/src/ui/", "^packages/core/"],
      },
    ),
    rule(
      "api-is-the-wire",
      "api/ talks to the server and knows nothing else of the page",
      { path: "^apps/web/src/api/" },
      { path: "^apps/web/src/", pathNot: "^apps/web/src/api/" },
    ),
    rule(
      "state-draws-nothing",
      "state/ keeps what the page remembers; it may listen to api/, and knows nothing that is drawn",
      { path: "^apps/web/src/state/" },
      { path: "^apps/web/src/", pathNot: "^apps/web/src/(state|api|testing)/" },
    ),
    rule(
      "parts-know-no-feature",
      "What several tabs share knows none of them",
      { path: "^apps/web/src/parts/" },
      { path: "^apps/web/src/(features/|app[.]tsx|main[.]tsx)" },
    ),
    rule(
      "no-test-imports",
      "Shipping code never imports a test or a testing entry",
      { pathNot: [TEST, "/src/testing([.]ts$|/)", "/test/", "/bench/", "/faults/"] },
      { path: [TEST, "/src/testing([.]ts$|/)"] },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^apps/web/dist/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};

function layer(name, from, self, to) {
  return rule(name, `${self} may import only: ${to.join(", ") || "nothing"}`, from, {
    path: "^(apps|packages)/",
    pathNot: [`^${self}/`, ...to.map((p) => `^packages/${p}/`)],
  });
}

function rule(name, comment, from, to) {
  return { name, comment, severity: "error", from, to };
}
