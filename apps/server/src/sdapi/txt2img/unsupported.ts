/** @file The parts of a txt2img request that A1111 supports and Lexeme does not. A field that is really used is refused by name; a field left at "off" is accepted. */
import { SAME_AS_FIRST_PASS } from "@lexeme/domain/settings";
import { notThere } from "../sdapi-errors.ts";
import type { Txt2imgRequest } from "./txt2img-request.ts";

/** Throws LexemeError `SDAPI_UNSUPPORTED` for the first unsupported field. */
export function refuseUnsupported(request: Txt2imgRequest): void {
  const { script_name, alwayson_scripts = {}, refiner_checkpoint, refiner_switch_at } = request;
  if (script_name !== undefined && script_name !== "" && script_name !== "None") {
    throw notThere(`Lexeme has no scripts, so script_name "${script_name}" cannot be run: leave it out`);
  }
  const script = Object.entries(alwayson_scripts).find(([, value]) => isAsking(value));
  if (script !== undefined) {
    throw notThere(`Lexeme has no extensions, so alwayson_scripts "${script[0]}" cannot be run: leave it out`);
  }
  if (request.restore_faces === true)
    throw notThere("Lexeme cannot restore faces: leave restore_faces out or set it to false");
  // A switch at 0 or 1 never happens in A1111 either.
  if (refiner_checkpoint && refiner_checkpoint !== "None" && (refiner_switch_at ?? 1) % 1 !== 0) {
    throw notThere("Lexeme has no refiner: leave refiner_checkpoint out");
  }
  const { hr_checkpoint_name } = request;
  if (request.enable_hr === true && hr_checkpoint_name && hr_checkpoint_name !== SAME_AS_FIRST_PASS.checkpoint) {
    throw notThere("Lexeme draws both passes with one checkpoint: leave hr_checkpoint_name out");
  }
  if (request.firstpass_image) throw notThere("Lexeme cannot start from a picture: leave firstpass_image out");
  if (isAsking(request["controlnet_units"])) throw notThere("Lexeme has no ControlNet: leave controlnet_units out");
  if (isAsking(request["init_images"])) {
    throw notThere("Lexeme has no img2img, so init_images cannot be used: leave them out");
  }
}

/** A script with arguments other than "off": programs send `{ args: [] }` and `{ args: [false] }` for scripts that they do not want. */
function isAsking(value: unknown): boolean {
  if (Array.isArray(value) && value[0] === false) return false;
  if (Array.isArray(value)) return value.some((item) => isAsking(item));
  if (typeof value === "object" && value !== null) {
    const { args, enabled, enable } = value as Record<string, unknown>;
    if (enabled === false || enable === false) return false;
    return args === undefined ? Object.keys(value).length > 0 : isAsking(args);
  }
  return value !== undefined && value !== null && value !== false && value !== "";
}
