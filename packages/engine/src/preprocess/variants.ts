/** @file The pictures that are made from one source picture, in A1111's order: tiles, focal crop, original size, or else the plain crop; each is followed by its mirrored copy. */
import { chooseVariants, preprocessTarget, type PreprocessSettings, type SplitPlan } from "@lexeme/domain/settings";
import { coverCentre, cropPicture, mirrorPicture, resizePicture, type RawPicture } from "../pictures/raw-picture.ts";
import { focalCrop } from "./focal-crop.ts";

/** The prepared pictures in the order of their numbers; as many as `countVariants` says. */
export async function makeVariants(picture: RawPicture, settings: PreprocessSettings): Promise<RawPicture[]> {
  const { split, focal, original } = chooseVariants(picture, settings);
  const target = preprocessTarget(settings);
  const made: RawPicture[] = [];
  if (split) made.push(...(await splitPicture(picture, split)));
  if (focal) {
    const edgesWeight = settings.processFocalCropEdgesWeight;
    const entropyWeight = settings.processFocalCropEntropyWeight;
    made.push(await focalCrop(picture, { ...target, edgesWeight, entropyWeight }));
  }
  if (original) made.push(picture);
  if (made.length === 0) made.push(await coverCentre(picture, target));
  return settings.processFlip ? made.flatMap((variant) => [variant, mirrorPicture(variant)]) : made;
}

/** Cuts a long picture into overlapping tiles with the target's proportions. */
async function splitPicture(picture: RawPicture, plan: SplitPlan): Promise<RawPicture[]> {
  const scaled = await resizePicture(picture, plan.scaled, "bicubic");
  return plan.tiles.map((tile) => cropPicture(scaled, tile));
}
