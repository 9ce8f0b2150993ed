/** @file The field for the format of an embedding's file, for all forms that make an embedding. */
import { z } from "zod";
import { DEFAULT_FORMAT, WRITTEN_FORMATS } from "../libraries/embedding-formats.ts";
import { setting } from "./setting.ts";

const FACTS = { title: "File format" };

/** The format of a new embedding. */
export const fileFormatField = setting(z.enum(WRITTEN_FORMATS).default(DEFAULT_FORMAT), FACTS);
/** The format of a trained embedding and its copies; null keeps the format that the embedding already has. */
export const keptFileFormatField = setting(z.enum(WRITTEN_FORMATS).nullable().default(null), FACTS);
