/**
 * @file The templates that come with the program, under A1111's file names. The phrases are those of rinongal/textual_inversion
 * (`ldm/data/personalized.py` and `personalized_style.py`, MIT, Copyright (c) 2022 Rinon Gal), with A1111's variables in them.
 */

/** The word replaces `{}`. */
const SUBJECT_PHRASES = [
  "a photo of a {}",
  "a rendering of a {}",
  "a cropped photo of the {}",
  "the photo of a {}",
  "a photo of a clean {}",
  "a photo of a dirty {}",
  "a dark photo of the {}",
  "a photo of my {}",
  "a photo of the cool {}",
  "a close-up photo of a {}",
  "a bright photo of the {}",
  "a cropped photo of a {}",
  "a photo of the {}",
  "a good photo of the {}",
  "a photo of one {}",
  "a close-up photo of the {}",
  "a rendition of the {}",
  "a photo of the clean {}",
  "a rendition of a {}",
  "a photo of a nice {}",
  "a good photo of a {}",
  "a photo of the nice {}",
  "a photo of the small {}",
  "a photo of the weird {}",
  "a photo of the large {}",
  "a photo of a cool {}",
  "a photo of a small {}",
];

/** The beginnings of lines, before `, art by`. */
const STYLE_PHRASES = [
  "a painting",
  "a rendering",
  "a cropped painting",
  "the painting",
  "a clean painting",
  "a dirty painting",
  "a dark painting",
  "a picture",
  "a cool painting",
  "a close-up painting",
  "a bright painting",
  "a cropped painting",
  "a good painting",
  "a close-up painting",
  "a rendition",
  "a nice painting",
  "a small painting",
  "a weird painting",
  "a large painting",
];

const subject = (words: string): string[] => SUBJECT_PHRASES.map((phrase) => phrase.replace("{}", words));

/** The lines of each file, by file name. `none.txt` has no `[name]`, so training refuses it, but A1111 ships it and A1111 folders have it. */
export const SHIPPED_TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  "none.txt": ["picture"],
  "style.txt": STYLE_PHRASES.map((phrase) => `${phrase}, art by [name]`),
  "style_filewords.txt": STYLE_PHRASES.map((phrase) => `${phrase} of [filewords], art by [name]`),
  "subject.txt": subject("[name]"),
  "subject_filewords.txt": subject("[name], [filewords]"),
};
