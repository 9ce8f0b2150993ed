/** @file The closed list of names that a pickle may mention. No name is imported or called: it only labels data. */
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

/** The meaning of a permitted name for the reader. */
export type PickleSymbol =
  | { readonly kind: "ordered-dict"; readonly name: string }
  | { readonly kind: "rebuild-tensor"; readonly name: string }
  | { readonly kind: "rebuild-parameter"; readonly name: string }
  | { readonly kind: "storage"; readonly name: string; readonly dtype: TorchDType }
  /** Kept as a label with its arguments. Only the state of a ParameterDict is read. */
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

/** The other names, besides tensors, that A1111's and torch's own restricted readers allow: containers, numpy scalars, Lightning's bookkeeping. */
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

/** The symbol of a name. For a name outside the list it throws LexemeError `PICKLE_FORBIDDEN` with the name. */
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
    `The file asks to use "${full}", which models and embeddings do not need: the file may be harmful, so it was not opened and no part of it was run`,
    { details: { symbol: full } },
  );
}
