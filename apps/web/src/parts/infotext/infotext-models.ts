/** @file The files an infotext names, by hash and by name as A1111 looks for them: checkpoint, VAE, embeddings; and networks, which are not supported. */
import { AUTOMATIC_VAE, OWN_VAE } from "@lexeme/domain/settings";
import { infotextValue, type Infotext } from "@lexeme/domain/infotext";
import { embeddingOfName } from "../embeddings/embedding-of-name.ts";
import type { Checkpoint, Vae } from "@lexeme/protocol";
import type { InfotextLibrary, InfotextNote, PartReading } from "./infotext-note.ts";

/** Before sha256, A1111 had a hash of eight digits over a piece of the file, which is not computed here. */
const OLD_HASH = /^[0-9a-f]{8}$/;

/** The checkpoint as a setting of the next picture, unless it is the chosen one anyway. */
export function checkpointOf({ parameters }: Infotext, library: InfotextLibrary): PartReading {
  const written = infotextValue(parameters, "Model hash")?.toLowerCase();
  const hash = written !== undefined && OLD_HASH.test(written) ? undefined : written;
  const name = infotextValue(parameters, "Model") ?? (hash === undefined ? written : undefined);
  if (hash === undefined && name === undefined) return { settings: {}, notes: [] };
  const usable = library.checkpoints.filter(({ unsupportedReason }) => unsupportedReason === null);
  const sameName = name === undefined ? undefined : usable.find((one) => stem(one.name) === stem(name));
  // Among copies under several names, the chosen checkpoint comes first, then the one with the name in the text.
  const copies = hash === undefined ? [] : usable.filter(({ sha256 }) => sha256?.startsWith(hash) === true);
  const sameHash =
    copies.find((one) => one.name === library.checkpoint) ?? copies.find((one) => one === sameName) ?? copies[0];
  // A file that is not hashed yet can only be found by its name.
  const found = sameHash ?? (hash === undefined || sameName?.sha256 === null ? sameName : undefined);
  if (found !== undefined) {
    return { settings: found.name === library.checkpoint ? {} : { checkpoint: found.name }, notes: [] };
  }
  const said = named(name, hash);
  const refused = library.checkpoints.find((one) => one.unsupportedReason !== null && stem(one.name) === stem(name));
  const message =
    refused === undefined
      ? sameName === undefined
        ? `Model ${said} is not here`
        : `Model ${said} is not here: the file of that name has the hash ${sameName.shortHash ?? ""}`
      : `Model ${said} cannot be used: ${refused.unsupportedReason}`;
  return {
    settings: {},
    notes: [{ key: "Model", value: hash ?? name ?? "", message, choice: checkpointChoice(usable) }],
  };
}

function checkpointChoice(usable: readonly Checkpoint[]): NonNullable<InfotextNote["choice"]> {
  return { field: "checkpoint", label: "Checkpoint to use instead", options: usable.map((one) => one.name) };
}

/** The VAE as a setting. Forge names it as a module without ending. A text without a VAE leaves the header's choice alone. */
export function vaeOf({ parameters }: Infotext, library: InfotextLibrary): PartReading {
  const hash = infotextValue(parameters, "VAE hash")?.toLowerCase();
  const name = infotextValue(parameters, "VAE") ?? moduleNamed(parameters, library.vaes);
  if ((hash === undefined && name === undefined) || name === AUTOMATIC_VAE) return { settings: {}, notes: [] };
  const found =
    library.vaes.find((one) => hash !== undefined && one.shortHash === hash) ?? vaeByName(name, hash, library);
  const setting = found?.name ?? (name === OWN_VAE ? name : undefined);
  if (setting !== undefined) return { settings: setting === library.vae ? {} : { vae: setting }, notes: [] };
  const options = [AUTOMATIC_VAE, OWN_VAE, ...library.vaes.map((one) => one.name)];
  return {
    settings: {},
    notes: [
      {
        key: "VAE",
        value: hash ?? name ?? "",
        message: `VAE ${named(name, hash)} is not here`,
        choice: { field: "vae", label: "VAE to use instead", options },
      },
    ],
  };
}

/** A file of that name counts unless its hash is known to be another. */
function vaeByName(name: string | undefined, hash: string | undefined, { vaes }: InfotextLibrary): Vae | undefined {
  return vaes.find(
    (one) =>
      name !== undefined && stem(one.name) === stem(name) && (hash === undefined || (one.shortHash ?? hash) === hash),
  );
}

function moduleNamed(parameters: ReadonlyMap<string, string>, vaes: readonly Vae[]): string | undefined {
  const modules = [...parameters].filter(([key]) => /^Module \d+$/.test(key)).map(([, value]) => value);
  return modules.find((one) => vaes.some(({ name }) => stem(name) === stem(one))) ?? modules[0];
}

/** Embeddings by the names and hashes that the infotext lists; without those hashes no word is known to be an embedding, so none is missing. */
export function embeddingNotes({ parameters }: Infotext, { embeddings }: InfotextLibrary): InfotextNote[] {
  return hashList(infotextValue(parameters, "TI hashes")).flatMap(({ name, hash }) => {
    const here = embeddingOfName(embeddings, name);
    const isSame = here !== undefined && (hash === "" || startsAlike(here.shortHash, hash));
    const elsewhere = embeddings.find((one) => hash !== "" && startsAlike(one.shortHash, hash));
    const note = (message: string): InfotextNote[] => [{ key: "TI hashes", value: name, message }];
    if (isSame && here.misfitReason !== null) return note(`Embedding “${name}” cannot be used: ${here.misfitReason}`);
    if (isSame) return [];
    if (elsewhere !== undefined) {
      const place =
        here === undefined
          ? `Embedding “${name}” is named “${elsewhere.name}” here`
          : `Embedding “${name}” here is another file; the one of this picture is named “${elsewhere.name}” here`;
      const { misfitReason } = elsewhere;
      return note(
        misfitReason === null
          ? `${place}: write that word in the prompt`
          : `${place} and cannot be used: ${misfitReason}`,
      );
    }
    if (here?.shortHash === "")
      return note(`Embedding “${name}” cannot be used: ${here.misfitReason ?? "it cannot be read"}`);
    if (here !== undefined)
      return note(`Embedding “${name}” here is another file: its hash is ${here.shortHash}, not ${hash}`);
    return note(`Embedding ${named(name, hash)} is not here: the word will be read as plain text`);
  });
}

/** A1111's tags for LoRA, hypernetworks and the like, from the prompt and from the hashes. */
export function networkNotes({ prompt, parameters }: Infotext): InfotextNote[] {
  const tags = [...prompt.matchAll(/<([\p{L}\p{N}_]+):([^:>]+)[^>]*>/gu)].map(([, kind = "", name = ""]) => ({
    kind: kind.toLowerCase().startsWith("hyper") ? "Hypernetwork" : kind === "lora" ? "LoRA" : kind,
    name,
  }));
  const listed = hashList(parameters.get("Lora hashes")).map(({ name }) => ({ kind: "LoRA", name }));
  const all = new Map([...tags, ...listed].map((one) => [one.name, one]));
  return [...all.values()].map(({ kind, name }) => ({
    key: "Lora hashes",
    value: name,
    message: `${kind} “${name}” is not supported: pictures are drawn without it, and its tag stays in the prompt`,
  }));
}

/** `name: hash, name2: hash2`. */
function hashList(text: string | undefined): { name: string; hash: string }[] {
  const pairs = (text ?? "").split(",").flatMap((pair) => {
    const colon = pair.lastIndexOf(":");
    const name = (colon < 0 ? pair : pair.slice(0, colon)).trim();
    return name === ""
      ? []
      : [
          {
            name,
            hash:
              colon < 0
                ? ""
                : pair
                    .slice(colon + 1)
                    .trim()
                    .toLowerCase(),
          },
        ];
  });
  // A word in both prompts is listed twice.
  return [...new Map(pairs.map((one) => [one.name, one])).values()];
}

/** A hash may be cut to fewer digits than ours. A file that cannot be read has no hash and is like no other. */
function startsAlike(a: string, b: string): boolean {
  return a !== "" && b !== "" && (a.startsWith(b) || b.startsWith(a));
}

function stem(name: string | undefined): string | undefined {
  return name
    ?.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1)
    .replace(/\.(safetensors|ckpt|pt|bin)$/i, "")
    .toLowerCase();
}

function named(name: string | undefined, hash: string | undefined): string {
  if (name === undefined) return hash ?? "";
  return hash === undefined || hash === "" ? `“${name}”` : `“${name}” (${hash})`;
}
