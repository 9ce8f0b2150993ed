/** @file The outputs folder page by page, newest first; every page is fetched again when the folder changes. */
import type { LexemeError } from "@lexeme/core";
import {
  keepPreviousData,
  useInfiniteQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
} from "@tanstack/react-query";
import { call, type CallOutput } from "../../api/client.ts";

/** Enough for a tall screen at once; the route allows 200. */
const PAGE_SIZE = 120;

/** The last picture of a page, by time and path because several pictures can have the same time. */
interface Cursor {
  before: number;
  beforePath: string;
}

export function useGalleryPages(
  search: string,
): UseInfiniteQueryResult<InfiniteData<CallOutput<"listImages">>, LexemeError> {
  return useInfiniteQuery<
    CallOutput<"listImages">,
    LexemeError,
    InfiniteData<CallOutput<"listImages">>,
    unknown[],
    Cursor | null
  >({
    // Keyed by the route's name, so that a change of the folder refreshes it like every other list.
    queryKey: ["listImages", search],
    queryFn: ({ pageParam, signal }) =>
      call(
        "listImages",
        {
          query: {
            limit: PAGE_SIZE,
            ...pageParam,
            ...(search === "" ? {} : { search }),
          },
        },
        { signal },
      ),
    initialPageParam: null,
    getNextPageParam: ({ more, images }) => {
      const last = images.at(-1);
      return more && last !== undefined ? { before: last.createdAt, beforePath: last.path } : null;
    },
    placeholderData: keepPreviousData,
  });
}
