/** @file The gallery: every picture of the outputs folder, by day, searched by prompt and settings. */
import { Anchor, Button, Loader } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo, useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { messageOf } from "../../ui/feedback/message-of.ts";
import { deletePicture } from "../../parts/pictures/delete-picture.ts";
import { useInfotextLibrary } from "../../parts/infotext/infotext-library.ts";
import { isDeleted, useDeletedPictures } from "../../state/deleted-pictures.ts";
import { openInPictureInfo } from "../../state/picture-source.ts";
import { reuseInTxt2img } from "../../parts/infotext/reuse-settings.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { formatPlural } from "../../ui/text/format.ts";
import { GridIcon } from "../../ui/icons/icons.tsx";
import { PictureViewer, type ViewedPicture } from "../../parts/pictures/picture-viewer.tsx";
import { usePictureDrop } from "../../parts/pictures/picture-transfer.ts";
import { SearchPage } from "../../ui/layout/search-page.tsx";
import { showUndo } from "../../ui/feedback/toast.ts";
import { GalleryGrid } from "./gallery-grid.tsx";
import { mergePages, promptOf } from "./gallery-rows.ts";
import { useGalleryPages } from "./use-gallery-pages.ts";
import styles from "./gallery.module.css";

const TYPING_PAUSE_MS = 250;

export function GalleryPage(): ReactNode {
  const [search, setSearch] = useState("");
  const [settled] = useDebouncedValue(search.trim(), TYPING_PAUSE_MS);
  const pages = useGalleryPages(settled);
  const deleted = useDeletedPictures();
  const images = useMemo(
    () => mergePages(pages.data?.pages ?? []).filter((image) => !isDeleted(deleted, image.path, image.createdAt)),
    [pages.data, deleted],
  );
  const [viewed, setViewed] = useState<string | null>(null);
  const [, navigate] = useLocation();
  const drop = usePictureDrop((source) => navigate(openInPictureInfo(source)));
  const viewedIndex = images.findIndex((image) => image.path === viewed);

  function view(index: number | null): void {
    setViewed(index === null ? null : (images[index]?.path ?? null));
    if (index !== null && index > images.length - 4 && pages.hasNextPage) void pages.fetchNextPage();
  }

  function remove(path: string): void {
    const at = images.findIndex((image) => image.path === path);
    setViewed(images[at + 1]?.path ?? images[at - 1]?.path ?? null);
    void deletePicture(path);
  }

  return (
    <SearchPage
      title="Gallery"
      search={{ value: search, onChange: setSearch, label: "Search in prompts", placeholder: "Search in prompts" }}
      tools={
        <span className={styles["count"]} role="status">
          {pages.isSuccess && images.length > 0
            ? `${formatPlural(images.length, "picture")}${pages.hasNextPage ? " and more" : ""}`
            : ""}
        </span>
      }
      data-over={drop.over}
      {...drop.handlers}
    >
      {pages.isPending ? (
        <EmptyState title="Looking through the outputs folder" icon={<Loader size="xs" />} />
      ) : pages.isError ? (
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
      ) : images.length === 0 ? (
        <EmptyState icon={<GridIcon />} title={settled === "" ? "No pictures yet" : `No prompt contains “${settled}”`}>
          {settled === "" ? (
            <>
              Pictures that{" "}
              <Anchor component={Link} href="/txt2img">
                txt2img
              </Anchor>{" "}
              draws are kept here, together with their settings.
            </>
          ) : (
            "The search looks through prompts, seeds and every other setting."
          )}
        </EmptyState>
      ) : (
        <GalleryGrid
          images={images}
          onOpen={setViewed}
          onNearEnd={() => {
            if (pages.hasNextPage && !pages.isFetching) void pages.fetchNextPage();
          }}
        />
      )}
      <PictureViewer
        pictures={images.map((image) => ({
          path: image.path,
          alt: promptOf(image.infotext) || image.file,
          width: image.width,
          height: image.height,
          text: image.infotext ?? undefined,
        }))}
        index={viewedIndex < 0 ? null : viewedIndex}
        onIndex={view}
        renderActions={(picture) => <ViewerActions picture={picture} onDelete={remove} onLeave={navigate} />}
      />
    </SearchPage>
  );
}

function ViewerActions(props: {
  picture: ViewedPicture;
  onDelete: (path: string) => void;
  /** Goes to the tab at the address. */
  onLeave: (address: string) => void;
}): ReactNode {
  const { picture, onDelete, onLeave } = props;
  const { text, path } = picture;
  const library = useInfotextLibrary();
  return (
    <>
      {text !== undefined && (
        <Button
          size="compact-sm"
          variant="white"
          onClick={() => {
            const { undo } = reuseInTxt2img(text, { library });
            showUndo("The form now holds this picture's settings", undo);
            onLeave("/txt2img");
          }}
        >
          Use these settings again
        </Button>
      )}
      <Button size="compact-sm" variant="white" onClick={() => onLeave(openInPictureInfo({ kind: "path", path }))}>
        PNG Info
      </Button>
      <Button size="compact-sm" variant="white" onClick={() => onDelete(path)}>
        Delete
      </Button>
    </>
  );
}
