/** @file The gallery: every picture of the outputs folder, by day, searched and filtered, one by one or many at once. */
import { Anchor, Button, Loader } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { GalleryImage } from "@lexeme/protocol";
import { useEffect, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { messageOf } from "../../ui/feedback/message-of.ts";
import { followList, isDeleted, useDeletedPictures } from "../../state/deleted-pictures.ts";
import { openInPictureInfo } from "../../state/picture-source.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { Notice } from "../../ui/feedback/notice.tsx";
import { formatPlural } from "../../ui/text/format.ts";
import { GridIcon } from "../../ui/icons/icons.tsx";
import { usePictureDrop } from "../../parts/pictures/picture-transfer.ts";
import { SearchPage } from "../../ui/layout/search-page.tsx";
import { CompareDialog } from "./compare-dialog.tsx";
import { checkpointsOf, NO_FILTER, nothingFound, type GalleryFilter } from "./gallery-filter.ts";
import { GalleryGrid } from "./gallery-grid.tsx";
import { mergePages } from "./gallery-rows.ts";
import { GalleryTools } from "./gallery-tools.tsx";
import { GalleryViewer } from "./gallery-viewer.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { useTileSize } from "./tile-size.ts";
import { useGalleryPages } from "./use-gallery-pages.ts";
import { useSelection } from "./use-selection.ts";
import styles from "./gallery.module.css";

const TYPING_PAUSE_MS = 250;

export function GalleryPage(): ReactNode {
  const [filter, setFilter] = useState(NO_FILTER);
  const [search] = useDebouncedValue(filter.search.trim(), TYPING_PAUSE_MS);
  const settled = useMemo((): GalleryFilter => ({ ...filter, search }), [filter, search]);
  const pages = useGalleryPages(settled);
  const deleted = useDeletedPictures();
  const images = useMemo(() => {
    const present = (pages.data?.pages ?? []).map(({ images: listed, askedAt }) => ({
      images: listed.filter(({ path }) => !isDeleted(deleted, path, askedAt)),
    }));
    return mergePages(present);
  }, [pages.data, deleted]);
  useEffect(() => {
    for (const { images: listed, askedAt } of pages.data?.pages ?? [])
      followList(
        listed.map(({ path }) => path),
        askedAt,
      );
  }, [pages.data]);
  const order = useMemo(() => images.map(({ path }) => path), [images]);
  const seenCheckpoints = useMemo(() => checkpointsOf(images), [images]);
  const selection = useSelection(order);
  const [viewed, setViewed] = useState<string | null>(null);
  const [isComparing, setComparing] = useState(false);
  const [size, setSize] = useTileSize();
  const [, navigate] = useLocation();
  const drop = usePictureDrop((source) => navigate(openInPictureInfo(source)));

  function fetchMore(): void {
    // After a failure only the user's press asks again.
    if (pages.hasNextPage && !pages.isFetching && !pages.isError) void pages.fetchNextPage();
  }
  // A search through many pictures is answered in parts, and the first parts can be empty.
  useEffect(() => {
    if (images.length === 0) fetchMore();
  });

  function onKeyDown(event: KeyboardEvent): void {
    // A dialog over the page has its own keys.
    if (!(event.target instanceof Node && event.currentTarget.contains(event.target))) return;
    const isField = event.target instanceof HTMLElement && event.target.matches("input:not([type=checkbox])");
    if (event.key === "Escape" && selection.isOn && !isField) selection.clear();
    else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey) && !isField) selection.selectAll();
    else return;
    event.preventDefault();
  }

  return (
    <SearchPage
      title="Gallery"
      search={{
        value: filter.search,
        onChange: (text) => setFilter({ ...filter, search: text }),
        label: "Search in prompts",
        placeholder: "Search in prompts",
      }}
      tools={
        <>
          <GalleryTools
            filter={settled}
            onFilter={(change) => setFilter({ ...filter, ...change })}
            seenCheckpoints={seenCheckpoints}
            size={size}
            onSize={setSize}
            onSelect={selection.isOn || images.length === 0 ? null : selection.begin}
          />
          <span className={styles["count"]} role="status">
            {pages.isSuccess && images.length > 0
              ? `${formatPlural(images.length, "picture")}${pages.hasNextPage ? " and more" : ""}`
              : ""}
          </span>
        </>
      }
      data-over={drop.over}
      {...drop.handlers}
      onKeyDown={onKeyDown}
    >
      {selection.isOn ? <SelectionBar selection={selection} onCompare={() => setComparing(true)} /> : null}
      {images.length > 0 ? (
        <>
          {pages.isError ? <ListFault pages={pages} /> : null}
          <GalleryGrid images={images} size={size} selection={selection} onOpen={setViewed} onNearEnd={fetchMore} />
        </>
      ) : (
        <NoPictures pages={pages} filter={settled} />
      )}
      <GalleryViewer images={images} path={viewed} onPath={setViewed} onNearEnd={fetchMore} onLeave={navigate} />
      <CompareDialog pair={isComparing ? pairOf(images, selection.paths) : null} onClose={() => setComparing(false)} />
    </SearchPage>
  );
}

/** A later page, or a newer list, could not be fetched: the pictures that are known stay. */
function ListFault({ pages }: { pages: ReturnType<typeof useGalleryPages> }): ReactNode {
  return (
    <Notice
      tone="failure"
      action={
        <Button
          size="compact-sm"
          variant="default"
          loading={pages.isFetching}
          onClick={() => void (pages.isFetchNextPageError ? pages.fetchNextPage() : pages.refetch())}
        >
          Try again
        </Button>
      }
    >
      The list of pictures is not complete: {messageOf(pages.error)}
    </Notice>
  );
}

function NoPictures(props: { pages: ReturnType<typeof useGalleryPages>; filter: GalleryFilter }): ReactNode {
  const { pages, filter } = props;
  const isFiltered =
    filter.search !== "" || filter.show !== "all" || filter.word !== null || filter.checkpoint !== null;
  if (pages.isError) {
    return (
      <EmptyState
        title="The pictures cannot be listed"
        action={
          <Button variant="default" onClick={() => void pages.refetch()}>
            Try again
          </Button>
        }
      >
        {messageOf(pages.error)}
      </EmptyState>
    );
  }
  if (pages.isPending || pages.hasNextPage || pages.isPlaceholderData)
    return <EmptyState title="Looking through the outputs folder" icon={<Loader size="xs" />} />;
  if (isFiltered) {
    return (
      <EmptyState icon={<GridIcon />} title={nothingFound(filter)}>
        The search looks through prompts, seeds and every other setting.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<GridIcon />} title="No pictures yet">
      Pictures that{" "}
      <Anchor component={Link} href="/txt2img">
        txt2img
      </Anchor>{" "}
      draws are kept here, together with their settings.
    </EmptyState>
  );
}

/** The two selected pictures as they are shown; null for another number. */
function pairOf(
  images: readonly GalleryImage[],
  paths: ReadonlySet<string>,
): readonly [GalleryImage, GalleryImage] | null {
  if (paths.size !== 2) return null;
  const [left, right] = images.filter(({ path }) => paths.has(path));
  return left && right ? [left, right] : null;
}
