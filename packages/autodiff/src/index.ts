export { gradients } from "./backward.ts";
export { AdamW, type AdamWState } from "./optim/adamw.ts";
