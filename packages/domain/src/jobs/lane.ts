/** @file The lanes that jobs queue in. */

/** A lane runs one job at a time (for the exception see `pauses`): `device` computes on the accelerator; `pictures` preprocesses and reads vocabularies, and never waits for a training. */
export const LANES = ["device", "pictures"] as const;
export type Lane = (typeof LANES)[number];
