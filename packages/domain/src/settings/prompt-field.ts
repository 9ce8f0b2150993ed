/** @file The field for a prompt. The time to read a prompt grows with its length, so the length has a limit. */
import { storableText } from "@lexeme/core";
import { z } from "zod";
import type { InfotextKey } from "../infotext/infotext-keys.ts";
import { setting } from "./setting.ts";

/** Twice the longest prompt whose tokens the page counts; a usual prompt has a few hundred characters. */
const MAX_CHARACTERS = 200_000;

const PROMPT = z
  .string()
  .max(MAX_CHARACTERS, `A prompt has at most ${MAX_CHARACTERS} characters`)
  .overwrite(storableText)
  .default("");

/** `infotext`: the keys of a prompt that is one of an infotext's parameters. */
export const promptField = (title: string, infotext: readonly InfotextKey[] = []) =>
  setting(PROMPT, { title, infotext });
