/** @file The surroundings of component tests: the page's providers, and a server that answers from a table. */
import { LexemeError } from "@lexeme/core";
import { ROUTES, toWireError, type RouteName } from "@lexeme/protocol";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import { userEvent, type UserEvent } from "@testing-library/user-event";
import { createElement, type ReactElement } from "react";
import { vi } from "vitest";
import type { CallOutput } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { theme } from "../styles/theme.ts";

type Answers = { [N in RouteName]?: CallOutput<N> | LexemeError };

/** A request as the server got it. */
export interface Asked {
  route: string;
  url: string;
  body: unknown;
}

/** Gives the page a server with these answers, and returns a list of its requests. A route without an answer stays open, as with a slow server. */
export function serve(answers: Answers): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", (url: string, { method = "GET", body }: RequestInit = {}) => {
    const route = routeOf(method, new URL(url, "http://localhost").pathname);
    asked.push({ route, url, body: typeof body === "string" ? (JSON.parse(body) as unknown) : body });
    const answer = answers[route];
    if (answer === undefined) return new Promise(() => undefined);
    if (answer instanceof LexemeError) return Promise.resolve(Response.json(toWireError(answer), { status: 409 }));
    return Promise.resolve(Response.json(answer));
  });
  return asked;
}

/** Draws an element as the page does, and returns a user who types and clicks. */
export function draw(element: ReactElement): UserEvent {
  const queries = createElement(QueryClientProvider, { client: queryClient }, element);
  render(createElement(MantineProvider, { theme, env: "test" }, queries));
  // Neither pauses between keys nor the styles of all ancestors, which happy-dom works out slowly, are part of any test.
  return userEvent.setup({ delay: null, pointerEventsCheck: 0 });
}

function routeOf(method: string, pathname: string): RouteName {
  const found = Object.entries(ROUTES).find(([, route]) => {
    const pattern = new RegExp(`^${route.path.replaceAll(/:\w+/g, "[^/]+")}$`);
    return route.method === method && pattern.test(pathname);
  });
  if (found === undefined) throw new TypeError(`The page asked for ${method} ${pathname}, which is no route`);
  return found[0] as RouteName;
}
