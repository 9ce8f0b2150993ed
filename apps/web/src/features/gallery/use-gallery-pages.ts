/** @file The outputs folder page by page, newest day first; every page is fetched again when the folder changes. */
import type { LexemeError } from "@lexeme/core";
import {
  keepPreviousData,
  useInfiniteQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
} from "@tanstack/react-query";
import { call, type CallOutput } from "../../api/client.ts";
import type { GalleryFilter } from "./gallery-filter.ts";

/** A page of the list, and when it was asked for. */
type Page = CallOutput<"listImages"> & { askedAt: number };

/** The most that the route allows: a change of the folder fetches all pages again, so that few large pages are better. */
const PAGE_SIZE = 200;

export function useGalleryPages(filter: GalleryFilter): UseInfiniteQueryResult<InfiniteData<Page>, LexemeError> {
  const { search, show, word, checkpoint } = filter;
  return useInfiniteQuery<Page, LexemeError, InfiniteData<Page>, unknown[], Page["next"] | null>({
    // Keyed by the route's name, so that a change of the folder refreshes it like every other list.
    queryKey: ["listImages", filter],
    queryFn: async ({ pageParam, signal }) => {
      const askedAt = Date.now();
      const query = {
        limit: PAGE_SIZE,
        show,
        ...(pageParam && { beforeDay: pageParam.day, before: pageParam.createdAt, beforePath: pageParam.path }),
        ...(search !== "" && { search }),
        ...(word !== null && { word }),
        ...(checkpoint !== null && { checkpoint }),
      };
      return { ...(await call("listImages", { query }, { signal })), askedAt };
    },
    initialPageParam: null,
    getNextPageParam: ({ next }) => next ?? null,
    placeholderData: keepPreviousData,
  });
}
