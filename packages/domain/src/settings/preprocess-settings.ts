/** @file Preprocess: A1111's fields under A1111's names (kwargs in camel case). Faces and BLIP come with later work. */
import { z } from "zod";
import { sizeField } from "./size-field.ts";

export const PreprocessSettingsSchema = z.object({
  processSrc: z.string().min(1, "Choose a source directory or drop pictures here").meta({ title: "Source directory" }),
  processDst: z.string().min(1, "Choose a destination directory").meta({ title: "Destination directory" }),
  processWidth: sizeField("Width"),
  processHeight: sizeField("Height"),
  preprocessTxtAction: z.enum(["ignore", "copy", "prepend", "append"]).default("ignore").meta({
    title: "Existing caption txt action",
    description: "What becomes of the .txt beside a source picture",
  }),
  captionFromFilename: z.boolean().default(false).meta({
    title: "Use file names for captions",
    description: "A picture without any other caption takes its file's name, leading digits and dashes left out",
  }),
  processKeepOriginalSize: z.boolean().default(false).meta({ title: "Keep original size" }),
  processFlip: z.boolean().default(false).meta({ title: "Create flipped copies" }),
  processSplit: z.boolean().default(false).meta({ title: "Split oversized images" }),
  splitThreshold: z.number().min(0).max(1).default(0.5).meta({ title: "Split image threshold" }),
  overlapRatio: z.number().min(0).max(0.9).default(0.2).meta({ title: "Split image overlap ratio" }),
  processFocalCrop: z.boolean().default(false).meta({ title: "Auto focal point crop" }),
  processFocalCropEntropyWeight: z.number().min(0).max(1).default(0.15).meta({ title: "Focal point entropy weight" }),
  processFocalCropEdgesWeight: z.number().min(0).max(1).default(0.5).meta({ title: "Focal point edges weight" }),
  /** Files already in the destination are replaced only when this was asked for. */
  overwriteDestination: z.boolean().default(false).meta({ title: "Overwrite files in the destination" }),
});

export type PreprocessSettings = z.infer<typeof PreprocessSettingsSchema>;
