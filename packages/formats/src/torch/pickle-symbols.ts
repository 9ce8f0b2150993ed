/** @file The closed list of names that a pickle may mention. Nothing is ever imported or called: a name only labels data. */
import { LexemeError } from "@lexeme/core";

export type TorchDType =
  | "float64"
  | "float32"
  | "float16"
  | "bfloat16"
  | "int64"
  | "int32"
  | "int16"
  | "int8"
  | "uint8"
  | "bool";

/** What a permitted name means to the reader. */
export type PickleSymbol =
  | { readonly kind: "ordered-dict"; readonly name: string }
  | { readonly kind: "rebuild-tensor"; readonly name: string }
  | { readonly kind: "rebuild-parameter"; readonly name: string }
  | { readonly kind: "storage"; readonly name: string; readonly dtype: TorchDType }
  /** Kept as a label with its arguments; nobody looks inside except for a ParameterDict's state. */
  | { readonly kind: "opaque"; readonly name: string };

const STORAGES: Readonly<Record<string, TorchDType>> = {
  DoubleStorage: "float64",
  FloatStorage: "float32",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
};

/** What A1111's and torch's own restricted readers let through, beside tensors: containers, numpy scalars, Lightning's bookkeeping. */
const OPAQUE: ReadonlySet<string> = new Set([
  "torch.nn.modules.container.ParameterDict",
  "torch.nn.parameter.Parameter",
  "__builtin__.set",
  "builtins.set",
  "torch.Size",
  "torch.device",
  "torch.float32",
  "torch.float16",
  "torch.bfloat16",
  "torch.int64",
  "numpy.dtype",
  "numpy.ndarray",
  "numpy.core.multiarray.scalar",
  "numpy.core.multiarray._reconstruct",
  "numpy._core.multiarray.scalar",
  "numpy._core.multiarray._reconstruct",
  "_codecs.encode",
  "pytorch_lightning.callbacks.ModelCheckpoint",
  "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint",
  "pytorch_lightning.callbacks.early_stopping.EarlyStopping",
  "pytorch_lightning.utilities.enums.GradClipAlgorithmType",
]);

/** The symbol of a name. Throws LexemeError `PICKLE_FORBIDDEN` that names what the file wanted. */
export function pickleSymbol(module: string, name: string): PickleSymbol {
  const full = `${module}.${name}`;
  if (full === "collections.OrderedDict") return { kind: "ordered-dict", name: full };
  if (full === "torch._utils._rebuild_tensor_v2") return { kind: "rebuild-tensor", name: full };
  if (full === "torch._utils._rebuild_parameter") return { kind: "rebuild-parameter", name: full };
  const dtype = module === "torch" ? STORAGES[name] : undefined;
  if (dtype !== undefined && Object.hasOwn(STORAGES, name)) return { kind: "storage", name: full, dtype };
  if (OPAQUE.has(full)) return { kind: "opaque", name: full };
  throw new LexemeError(
    "PICKLE_FORBIDDEN",
    `The file asks to use "${full}", which a model or an embedding has no need of: it may be harmful, so it was not opened and nothing of it was run`,
    { details: { symbol: full } },
  );
}
