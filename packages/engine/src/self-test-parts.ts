/** @file The results that are compared between a device and the CPU, and the largest allowed difference. */

/** Each network by itself, then a picture and the gradient of a training step. */
export const SELF_TEST_PARTS = ["text encoder", "UNet", "VAE encoder", "VAE decoder", "picture", "gradient"] as const;
export type SelfTestPart = (typeof SELF_TEST_PARTS)[number];

/** Rounding cannot explain larger differences: on another device a step's numbers agree to about 1e-4. */
export const MAX_ERROR = 1e-2;
