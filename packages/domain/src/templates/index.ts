export {
  captionFromFileName,
  fillTemplate,
  parseTemplate,
  varyCaption,
  type CaptionTagOptions,
  type TemplateWords,
} from "./prompt-template.ts";
export { SHIPPED_TEMPLATES } from "./shipped-templates.ts";
