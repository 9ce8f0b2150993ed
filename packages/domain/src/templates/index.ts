export { captionFromFileName, fillTemplate, parseTemplate, varyCaption } from "./prompt-template.ts";
export { SHIPPED_TEMPLATES } from "./shipped-templates.ts";
