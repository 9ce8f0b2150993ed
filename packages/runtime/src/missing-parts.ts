/** @file The libraries and drivers that a device needs and this machine lacks, and where they come from. */

import { closeSync, existsSync, openSync, readdirSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { DeviceName } from "./device.ts";

export interface MissingPart {
  readonly part: string;
  /** Where it comes from, or what to use instead, as words in brackets after it. */
  readonly source: string;
}

/** Asked of the machine, so that a test can stand in for it. */
export interface MachineParts {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** The folder of ONNX Runtime's own libraries. */
  readonly libraryFolder: string;
  /** Whether the system's loader finds a library of that name. */
  readonly canLoad: (library: string) => boolean;
}

/** Empty for a device that has all it needs, as far as can be told without using it. Loads libraries of drivers into this process. */
export function missingParts(device: DeviceName, machine: MachineParts = thisMachine()): MissingPart[] {
  switch (device) {
    case "cpu":
      return [];
    case "webgpu":
      return missingForWebGpu(machine);
    case "cuda":
      return missingForCuda(machine);
    case "dml":
      if (machine.platform === "win32") return [];
      return [{ part: "Windows", source: "DirectML exists nowhere else; other systems have webgpu" }];
    case "coreml":
      if (machine.platform === "darwin" && machine.arch === "arm64") return [];
      return [{ part: "macOS on an Apple chip", source: "Core ML exists nowhere else; other systems have webgpu" }];
    default:
      throw new TypeError(`no device ${JSON.stringify(device satisfies never)}`);
  }
}

/** Where Vulkan's loader looks for drivers, beside what its environment variables name. */
const VULKAN_DRIVER_FOLDERS = [
  "/etc/vulkan/icd.d",
  "/usr/share/vulkan/icd.d",
  "/usr/local/share/vulkan/icd.d",
  "/usr/local/etc/vulkan/icd.d",
];

/** Windows and macOS bring Direct3D 12 and Metal, which WebGPU uses there. */
function missingForWebGpu({ platform, arch, canLoad }: MachineParts): MissingPart[] {
  if (platform !== "linux") return [];
  if (arch !== "x64") {
    return [{ part: "an x64 processor", source: "onnxruntime-node for Linux on arm64 is built without WebGPU" }];
  }
  const missing: MissingPart[] = [];
  if (!canLoad("libvulkan.so.1")) {
    missing.push({
      part: "libvulkan.so.1, the Vulkan loader",
      source: "the system's package libvulkan1 (Debian, Ubuntu), vulkan-loader (Fedora) or vulkan-icd-loader (Arch)",
    });
  }
  const isNamed = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES", "VK_ADD_DRIVER_FILES"].some((name) => process.env[name]);
  if (!isNamed && !VULKAN_DRIVER_FOLDERS.some(hasFiles)) {
    missing.push({
      part: "a Vulkan driver",
      source: "NVIDIA's driver, or mesa-vulkan-drivers (Debian, Ubuntu, Fedora) for AMD and Intel",
    });
  }
  return missing;
}

const CUDA_PROVIDER = "libonnxruntime_providers_cuda.so";
const CUDA_PROVIDER_FILES = [CUDA_PROVIDER, "libonnxruntime_providers_shared.so"];
const NVIDIA_DRIVER = "libcuda.so.1";
/** Loaded by the provider when it first needs it, so the provider's own list of libraries lacks it. */
const CUDNN = "libcudnn.so.9";

function missingForCuda({ platform, arch, libraryFolder, canLoad }: MachineParts): MissingPart[] {
  if (platform !== "linux" || arch !== "x64") {
    const instead = platform === "win32" ? "dml or webgpu use an NVIDIA card on Windows" : "this system has webgpu";
    return [{ part: "Linux on an x64 processor", source: `onnxruntime-node has CUDA for nothing else; ${instead}` }];
  }
  const missing: MissingPart[] = [];
  if (!canLoad(NVIDIA_DRIVER)) missing.push({ part: NVIDIA_DRIVER, source: "NVIDIA's driver" });
  const absent = CUDA_PROVIDER_FILES.filter((file) => !existsSync(join(libraryFolder, file)));
  if (absent.length > 0) {
    const script = "packages/runtime/node_modules/onnxruntime-node/script/install.js";
    missing.push({
      part: `${absent.join(" and ")} beside libonnxruntime.so.1`,
      source: `ONNXRUNTIME_NODE_INSTALL=cuda12 node ${script} downloads them; then the doctor can tell which CUDA they need`,
    });
    return missing;
  }
  const libraries = cudaLibrariesOf(join(libraryFolder, CUDA_PROVIDER)).filter((library) => !canLoad(library));
  if (libraries.length > 0) {
    missing.push({
      part: libraries.join(", "),
      source: "NVIDIA's CUDA with these numbers, in a folder that the loader searches, such as one in LD_LIBRARY_PATH",
    });
  }
  if (!canLoad(CUDNN)) missing.push({ part: CUDNN, source: "NVIDIA's cuDNN 9 for that CUDA, in such a folder too" });
  return missing;
}

/** An ELF file names the libraries that it needs in its first pages, in the string table of its dynamic section. */
function cudaLibrariesOf(provider: string): string[] {
  const head = Buffer.alloc(1 << 16);
  const file = openSync(provider, "r");
  try {
    readSync(file, head);
  } finally {
    closeSync(file);
  }
  const names = new Set(head.toString("latin1").match(/libcu[A-Za-z]+\.so\.\d+/g));
  names.delete(NVIDIA_DRIVER);
  return [...names];
}

function hasFiles(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
}

function thisMachine(): MachineParts {
  const { platform, arch } = process;
  const entry = createRequire(import.meta.url).resolve("onnxruntime-node");
  const libraryFolder = join(dirname(entry), "..", "bin", "napi-v6", platform, arch);
  return { platform, arch, libraryFolder, canLoad };
}

/** A library that is found is no add-on of Node's, which `dlopen` says after it has loaded it. */
function canLoad(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library);
    return true;
  } catch (error) {
    return !(error instanceof Error && error.message.includes("cannot open shared object file"));
  }
}
