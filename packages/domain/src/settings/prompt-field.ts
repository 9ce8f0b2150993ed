/** @file A prompt as a field. Long ones are read in time that grows with them, so that there has to be an end. */
import { storableText } from "@lexeme/core";
import { z } from "zod";
import type { InfotextKey } from "../infotext/infotext-keys.ts";
import { setting } from "./setting.ts";

/** Twice the longest that the page counts tokens of; a prompt has a few hundred. */
const MAX_CHARACTERS = 200_000;

const PROMPT = z
  .string()
  .max(MAX_CHARACTERS, `A prompt has at most ${MAX_CHARACTERS} characters`)
  .overwrite(storableText)
  .default("");

/** `infotext`: the keys of one that stands among an infotext's parameters. */
export const promptField = (title: string, infotext: readonly InfotextKey[] = []) =>
  setting(PROMPT, { title, infotext });
