export { captionFromFileName, fillTemplate, fillWithSamples, parseTemplate, varyCaption } from "./prompt-template.ts";
export { SHIPPED_TEMPLATES } from "./shipped-templates.ts";
