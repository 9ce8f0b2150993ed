/** @file Fields of A1111's request bodies. All may be left out; the API's documents name A1111's default for each. */
import { z } from "zod";

export const text = (standard: string) => z.string().optional().meta({ default: standard });
export const integer = (standard: number) => z.number().int().optional().meta({ default: standard });
export const number = (standard: number) => z.number().optional().meta({ default: standard });
export const flag = (standard: boolean) => z.boolean().optional().meta({ default: standard });
