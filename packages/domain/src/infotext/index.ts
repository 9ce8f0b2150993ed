export { infotextKeyFacts, infotextValue, type ReadKey } from "./infotext-keys.ts";
export { settingsFromInfotext } from "./infotext-settings.ts";
export { insertParameters, parseInfotext, type Infotext } from "./infotext.ts";
export { novelAiInfotext, otherProgram } from "./other-programs.ts";
export { writeTxt2imgInfotext } from "./txt2img-infotext.ts";
