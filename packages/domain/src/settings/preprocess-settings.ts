/** @file The settings of Preprocess: A1111's fields with A1111's names (kwargs in camel case), without faces and BLIP. */
import { z } from "zod";
import { PATH_TEXT } from "./bounded-text.ts";
import { setting } from "./setting.ts";
import { sizeField } from "./size-field.ts";

export const PreprocessSettingsSchema = z.object({
  processSrc: setting(PATH_TEXT.min(1, "Choose a source directory or drop pictures here"), {
    title: "Source directory",
  }),
  processDst: setting(PATH_TEXT.min(1, "Choose a destination directory"), { title: "Destination directory" }),
  processWidth: sizeField("Width"),
  processHeight: sizeField("Height"),
  preprocessTxtAction: setting(z.enum(["ignore", "copy", "prepend", "append"]).default("ignore"), {
    title: "Existing caption txt action",
    description: "The use of the .txt file beside a source picture",
  }),
  captionFromFilename: setting(z.boolean().default(false), {
    title: "Use file names for captions",
    description: "A picture without any other caption gets its file name, without leading digits and dashes",
  }),
  processKeepOriginalSize: setting(z.boolean().default(false), { title: "Keep original size" }),
  processFlip: setting(z.boolean().default(false), { title: "Create flipped copies" }),
  processSplit: setting(z.boolean().default(false), { title: "Split oversized images" }),
  splitThreshold: setting(z.number().min(0).max(1).default(0.5), { title: "Split image threshold" }),
  overlapRatio: setting(z.number().min(0).max(0.9).default(0.2), { title: "Split image overlap ratio" }),
  processFocalCrop: setting(z.boolean().default(false), { title: "Auto focal point crop" }),
  processFocalCropEntropyWeight: setting(z.number().min(0).max(1).default(0.15), {
    title: "Focal point entropy weight",
  }),
  processFocalCropEdgesWeight: setting(z.number().min(0).max(1).default(0.5), { title: "Focal point edges weight" }),
  /** Without it, no file in the destination is replaced. */
  overwriteDestination: setting(z.boolean().default(false), {
    title: "Overwrite pictures in the destination",
    a1111Default: true,
  }),
  /** Without it, the captions beside replaced pictures stay: a person may have corrected them. */
  overwriteCaptions: setting(z.boolean().default(false), {
    title: "Overwrite their captions too",
    a1111Default: true,
  }),
});

export type PreprocessSettings = z.infer<typeof PreprocessSettingsSchema>;
