export { gradients } from "./backward.ts";
export { AdamW } from "./optim/adamw.ts";
