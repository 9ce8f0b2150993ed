/** @file The pictures that are made from one source picture, in A1111's order: tiles, focal crop, original size, or else the plain crop; each is followed by its mirrored copy. */
import { effectiveSize, type PreprocessSettings } from "@lexeme/domain/settings";
import { coverCentre, mirrorPicture, type RawPicture } from "../pictures/raw-picture.ts";
import { focalCrop } from "./focal-crop.ts";
import { planSplit, splitPicture } from "./split.ts";

type Size = { readonly width: number; readonly height: number };

/** The number of pictures that `makeVariants` will make from a picture of this size. */
export function countVariants(picture: Size, settings: PreprocessSettings): number {
  const { split, focal, original } = chooseVariants(picture, settings);
  const sources = (split?.tiles.length ?? 0) + (focal ? 1 : 0) + (original ? 1 : 0);
  return Math.max(sources, 1) * (settings.processFlip ? 2 : 1);
}

/** The prepared pictures in the order of their numbers. */
export async function makeVariants(picture: RawPicture, settings: PreprocessSettings): Promise<RawPicture[]> {
  const { split, focal, original } = chooseVariants(picture, settings);
  const made: RawPicture[] = [];
  if (split) made.push(...(await splitPicture(picture, split)));
  if (focal) {
    const edgesWeight = settings.processFocalCropEdgesWeight;
    const entropyWeight = settings.processFocalCropEntropyWeight;
    made.push(await focalCrop(picture, { ...targetSize(settings), edgesWeight, entropyWeight }));
  }
  if (original) made.push(picture);
  if (made.length === 0) made.push(await coverCentre(picture, targetSize(settings)));
  return settings.processFlip ? made.flatMap((variant) => [variant, mirrorPicture(variant)]) : made;
}

function chooseVariants(picture: Size, settings: PreprocessSettings) {
  return {
    split: planSplit(picture, targetSize(settings), settings),
    // A1111 uses the plain crop for square pictures.
    focal: settings.processFocalCrop && picture.width !== picture.height,
    original: settings.processKeepOriginalSize,
  };
}

function targetSize(settings: PreprocessSettings): Size {
  return { width: effectiveSize(settings.processWidth), height: effectiveSize(settings.processHeight) };
}
