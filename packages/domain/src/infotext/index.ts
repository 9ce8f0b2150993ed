export { samplingFromInfotext, type InfotextSampling } from "./infotext-sampling.ts";
export {
  insertParameters,
  parseInfotext,
  writeInfotext,
  writeTxt2imgInfotext,
  type Infotext,
  type InfotextParameters,
  type Txt2imgInfotext,
} from "./infotext.ts";
export { type HiresInfotext } from "./infotext-hires.ts";
