/** @file The form of a route, and schemas that several routes share. */
import { z } from "zod";

export interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  /** One line for the OpenAPI document. */
  summary: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** The most bytes of the body, if its limit is lower than that of other bodies. */
  maxBodyBytes?: number;
  /** Absent for routes that answer with a file. */
  response?: z.ZodType;
}

/** The answer of a route that has nothing to say. */
export const NothingSchema = z.object({});
export const PathQuerySchema = z.object({ path: z.string() });
/** The id of an entry of the bin: it restores the files until the entry is deleted for good. */
export const DeletedSchema = z.object({ undoToken: z.string() });
