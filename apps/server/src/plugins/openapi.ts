/** @file The OpenAPI document, made from the schemas that check the requests. */
import swagger from "@fastify/swagger";
import { OPENAPI_PATH } from "@lexeme/protocol";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import { PROGRAM_VERSION } from "../version.ts";

/** Must be called before the routes are registered, because it listens for new routes. */
export async function useOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      info: { title: "Lexeme", version: PROGRAM_VERSION, description: "Teach Stable Diffusion a new word" },
    },
    transform: jsonSchemaTransform,
  });
  app.get(OPENAPI_PATH, { schema: { hide: true } }, async () => app.swagger());
}
