/** @file Lists of the server as react-query hooks, keyed by route name so that one event refreshes every use of a list. */
import type { LexemeError } from "@lexeme/core";
import type { RouteName, ServerEventBody } from "@lexeme/protocol";
import { QueryClient, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { call, type CallInput, type CallOutput } from "./client.ts";

/** The one cache of the server's answers. Lists change by events, so nothing is fetched again on a timer. */
export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: Infinity, refetchOnWindowFocus: false, retry: false },
  },
});

/** Fetches a route and keeps its answer fresh; fetches nothing while the input is `null`. */
export function useRoute<N extends RouteName>(
  name: N,
  input: CallInput<N> | null,
): UseQueryResult<CallOutput<N>, LexemeError> {
  return useQuery<CallOutput<N>, LexemeError>({
    queryKey: [name, input],
    queryFn: ({ signal }) => call(name, input as CallInput<N>, { signal }),
    enabled: input !== null,
  });
}

const LISTS_OF: Record<Extract<ServerEventBody, { type: "library" }>["changed"], RouteName[]> = {
  checkpoints: ["listCheckpoints", "listVaes", "getSystem"],
  vaes: ["listVaes"],
  upscalers: ["listUpscalers"],
  embeddings: ["listEmbeddings", "listRuns", "getEmbeddingHistory"],
  runs: ["listRuns", "getEmbeddingHistory"],
  images: ["listImages"],
  datasets: ["getDataset", "listFolder", "planPreprocess"],
  templates: ["listTemplates"],
  styles: ["listStyles"],
  bin: ["listBin"],
};

/** Fetches the lists that changed, as an event of the server says, again. */
export function refreshFor(event: ServerEventBody): void {
  if (event.type === "system") void refresh("getSystem", "getOptions", "listEmbeddings");
  if (event.type === "library") void refresh(...LISTS_OF[event.changed]);
}

/** Fetches these routes again wherever they are shown. */
export async function refresh(...names: RouteName[]): Promise<void> {
  await Promise.all(names.map((name) => queryClient.invalidateQueries({ queryKey: [name] })));
}

export const useSystem = (): UseQueryResult<CallOutput<"getSystem">, LexemeError> => useRoute("getSystem", {});
export const useCheckpoints = (): UseQueryResult<CallOutput<"listCheckpoints">, LexemeError> =>
  useRoute("listCheckpoints", {});
export const useVaes = (): UseQueryResult<CallOutput<"listVaes">, LexemeError> => useRoute("listVaes", {});
export const useUpscalers = (): UseQueryResult<CallOutput<"listUpscalers">, LexemeError> =>
  useRoute("listUpscalers", {});
export const useOptions = (): UseQueryResult<CallOutput<"getOptions">, LexemeError> => useRoute("getOptions", {});
export const useEmbeddings = (): UseQueryResult<CallOutput<"listEmbeddings">, LexemeError> =>
  useRoute("listEmbeddings", {});
