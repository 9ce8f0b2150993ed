/** @file Finds the libraries and drivers that a device needs and this machine lacks, and says how to get them. */

import { closeSync, existsSync, openSync, readdirSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { DeviceName } from "./device.ts";

export interface MissingPart {
  readonly part: string;
  /** How to get it, or what to use instead. The doctor prints it in brackets after the part. */
  readonly source: string;
}

/** The properties of the machine that decide; a test replaces them. */
export interface MachineParts {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** The folder of ONNX Runtime's own libraries. */
  readonly libraryFolder: string;
  /** Whether the system's loader finds a library of that name. */
  readonly canLoad: (library: string) => boolean;
}

/** Empty if nothing that can be checked without a session is missing. Loads libraries of drivers into this process. */
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
      return [{ part: "Windows", source: "DirectML exists only there; use webgpu on other systems" }];
    case "coreml":
      if (machine.platform === "darwin" && machine.arch === "arm64") return [];
      return [{ part: "macOS on an Apple chip", source: "Core ML exists only there; use webgpu on other systems" }];
    default:
      throw new TypeError(`no device ${JSON.stringify(device satisfies never)}`);
  }
}

/** The folders in which the Vulkan loader searches for drivers, besides those in its environment variables. */
const VULKAN_DRIVER_FOLDERS = [
  "/etc/vulkan/icd.d",
  "/usr/share/vulkan/icd.d",
  "/usr/local/share/vulkan/icd.d",
  "/usr/local/etc/vulkan/icd.d",
];

/** On Windows and macOS nothing is missing: WebGPU uses Direct3D 12 and Metal, which are parts of the system. */
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
/** The provider loads it at its first use, so the provider's list of libraries lacks it. */
const CUDNN = "libcudnn.so.9";

function missingForCuda({ platform, arch, libraryFolder, canLoad }: MachineParts): MissingPart[] {
  if (platform !== "linux" || arch !== "x64") {
    const instead =
      platform === "win32" ? "use dml or webgpu for an NVIDIA card on Windows" : "use webgpu on this system";
    return [
      { part: "Linux on an x64 processor", source: `onnxruntime-node has no CUDA for other systems; ${instead}` },
    ];
  }
  const missing: MissingPart[] = [];
  if (!canLoad(NVIDIA_DRIVER)) missing.push({ part: NVIDIA_DRIVER, source: "NVIDIA's driver" });
  const absent = CUDA_PROVIDER_FILES.filter((file) => !existsSync(join(libraryFolder, file)));
  if (absent.length > 0) {
    const script = "packages/runtime/node_modules/onnxruntime-node/script/install.js";
    missing.push({
      part: `${absent.join(" and ")} beside libonnxruntime.so.1`,
      source: `ONNXRUNTIME_NODE_INSTALL=cuda12 node ${script} downloads them; then run the doctor again, which reads from them which CUDA they need`,
    });
    return missing;
  }
  const libraries = cudaLibrariesOf(join(libraryFolder, CUDA_PROVIDER)).filter((library) => !canLoad(library));
  if (libraries.length > 0) {
    missing.push({
      part: libraries.join(", "),
      source:
        "NVIDIA's CUDA libraries with these version numbers, in a folder that the loader searches, such as one in LD_LIBRARY_PATH",
    });
  }
  if (!canLoad(CUDNN)) missing.push({ part: CUDNN, source: "NVIDIA's cuDNN 9 for that CUDA, in such a folder" });
  return missing;
}

/** The CUDA libraries that the provider needs. An ELF file names its libraries near its start, in the string table of its dynamic section. */
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
  return { platform, arch, libraryFolder, canLoad: isLoadable };
}

/** For a library that it finds, `dlopen` fails only afterwards, because the library is not a Node add-on. */
function isLoadable(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library);
    return true;
  } catch (error) {
    return !(error instanceof Error && error.message.includes("cannot open shared object file"));
  }
}
