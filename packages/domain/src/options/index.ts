export { ImageOptionsSchema, type ImageOptions, type PictureFormat } from "./image-options.ts";
export { defaultsFromOptions, etaWhereUnsaid, withOptions, withoutOptionsOfFields } from "./job-defaults.ts";
export { optionsByField } from "./options-of-fields.ts";
export {
  faultOfPlainOption,
  isWithoutEffect,
  OPTIONS_WITHOUT_EFFECT,
  type PlainOption,
} from "./options-without-effect.ts";
export {
  DEFAULT_OPTIONS,
  OPTION_NAMES,
  OPTION_SECTIONS,
  OptionsSchema,
  a1111Default,
  type OptionName,
  type Options,
} from "./options.ts";
