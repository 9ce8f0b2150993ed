/** @file Fields of A1111's request bodies: all may be left out, and the documents name the default that A1111 has then. */
import { z } from "zod";

export const text = (standard: string) => z.string().optional().meta({ default: standard });
export const integer = (standard: number) => z.number().int().optional().meta({ default: standard });
export const number = (standard: number) => z.number().optional().meta({ default: standard });
export const flag = (standard: boolean) => z.boolean().optional().meta({ default: standard });
