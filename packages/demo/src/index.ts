/** @file The paths of the demo world's files, and the settings for them. */
import { fileURLToPath } from "node:url";

/** The checkpoint: a small SD 1.x, 128 x 128, fp16, 47 MB. */
export const DEMO_CHECKPOINT_PATH: string = fileURLToPath(new URL("../demo-world.safetensors", import.meta.url));

/** Checked when the checkpoint is first opened, so that an incomplete file in a clone gives a clear error. */
export const DEMO_CHECKPOINT_SHA256 = "28313ef46280a0540d236b1f13100b73342b8801ee3e298da827c411936e6789";

/** Fourteen photos, like a user's own, of a person who is not in the demo world's training data. */
export const DEMO_PHOTOS_DIR: string = fileURLToPath(new URL("../photos", import.meta.url));

/** The learning rates of the user story, as far as the demo's steps go. */
const STORY_LEARN_RATE = "5e-2:100, 5e-3:500, 5e-4";

/**
 * The settings that "Try the demo" fills in. The reference run had learned nearly everything after 300 steps; 800 steps leave
 * room for an unlucky seed and take about a minute on two cores.
 * CFG is 4, because pictures of the small checkpoint are oversaturated at A1111's 7.
 */
export const DEMO_SETTINGS = {
  create: { name: "mira", initText: "woman", numVectorsPerToken: 1 },
  // The photos come with captions beside them (hair, expression, clothes, background; never the face).
  preprocess: { processWidth: 128, processHeight: 128, preprocessTxtAction: "copy" },
  train: {
    embeddingName: "mira",
    learnRate: STORY_LEARN_RATE,
    templateFilename: "subject_filewords.txt",
    trainingWidth: 128,
    trainingHeight: 128,
    steps: 800,
    createImageEvery: 100,
    saveEmbeddingEvery: 100,
    previewPrompt: "a photo of mira",
    previewCfgScale: 4,
  },
  txt2img: {
    prompt: "A (((oil painting))) of [[[[[mira]]]]] by (((Leonardo da Vinci)))",
    samplerName: "DDIM",
    steps: 25,
    cfgScale: 4,
    width: 128,
    height: 128,
  },
} as const;
