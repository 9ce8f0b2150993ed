export { ImageOptionsSchema, type ImageOptions, type PictureFormat } from "./image-options.ts";
export {
  defaultsFromOptions,
  etaWhereUnsaid,
  OPTION_OF_TXT2IMG,
  withOptions,
  withoutOptionsOfFields,
} from "./job-defaults.ts";
export {
  DEFAULT_OPTIONS,
  OPTION_NAMES,
  OPTION_SECTIONS,
  OptionsSchema,
  a1111Default,
  type OptionName,
  type OptionSection,
  type Options,
} from "./options.ts";
