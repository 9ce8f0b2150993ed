import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { missingParts, type MachineParts } from "./missing-parts.ts";

const libraryFolder = mkdtempSync(join(tmpdir(), "lexeme-parts-"));
afterAll(() => rmSync(libraryFolder, { recursive: true }));

const bare: MachineParts = { platform: "linux", arch: "x64", libraryFolder, canLoad: () => false };
const partsOf = (...args: Parameters<typeof missingParts>) => missingParts(...args).map(({ part }) => part);

test("nothing is missing for the CPU", () => {
  expect(missingParts("cpu")).toEqual([]);
});

test("a bare Linux lacks the Vulkan loader, and its package is named", () => {
  const [loader] = missingParts("webgpu", bare);
  expect(loader?.part).toContain("libvulkan.so.1");
  expect(loader?.source).toContain("libvulkan1");
});

test("a device of another system names that system", () => {
  expect(partsOf("dml", bare)).toEqual(["Windows"]);
  expect(partsOf("coreml", bare)).toEqual(["macOS on an Apple chip"]);
  expect(partsOf("cuda", { ...bare, platform: "win32" })).toEqual(["Linux on an x64 processor"]);
  expect(partsOf("dml", { ...bare, platform: "win32" })).toEqual([]);
});

test("CUDA lacks its provider and the driver; with a provider, it lacks the libraries that the provider names", () => {
  expect(partsOf("cuda", bare)).toEqual([
    "libcuda.so.1",
    "libonnxruntime_providers_cuda.so and libonnxruntime_providers_shared.so beside libonnxruntime.so.1",
  ]);

  writeFileSync(join(libraryFolder, "libonnxruntime_providers_shared.so"), "");
  const names = ["libcublasLt.so.13", "libcurand.so.10", "libcudart.so.13", "libcuda.so.1"];
  writeFileSync(join(libraryFolder, "libonnxruntime_providers_cuda.so"), `\0${names.join("\0")}\0libc.so.6\0`);
  const canLoad = (library: string) => ["libcuda.so.1", "libcurand.so.10"].includes(library);
  expect(partsOf("cuda", { ...bare, canLoad })).toEqual(["libcublasLt.so.13, libcudart.so.13", "libcudnn.so.9"]);
  expect(partsOf("cuda", { ...bare, canLoad: () => true })).toEqual([]);
});
