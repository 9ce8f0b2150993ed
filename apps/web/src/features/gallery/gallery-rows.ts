/** @file The gallery as rows of equal pictures under days, so that only the rows in sight are drawn. Knows no React. */
import type { GalleryImage } from "@lexeme/protocol";

export type GalleryRow =
  | { kind: "day"; key: string; day: string; count: number }
  | { kind: "pictures"; key: string; images: GalleryImage[] };

/** The least width of a picture and the gap between two, in pixels, and the least number of pictures side by side. */
export interface GridSpacing {
  minCell: number;
  minColumns: number;
  gap: number;
}

/** How many pictures stand side by side in `width` pixels, and how wide each is. */
export function gridColumns(
  width: number,
  { minCell, minColumns, gap }: GridSpacing,
): { columns: number; cell: number } {
  const columns = Math.max(minColumns, Math.floor((width + gap) / (minCell + gap)));
  return { columns, cell: Math.max(1, Math.floor((width - gap * (columns - 1)) / columns)) };
}

/** `images` (in the order of the gallery) cut into a heading a day and rows of at most `columns` pictures. */
export function galleryRows(images: readonly GalleryImage[], columns: number): GalleryRow[] {
  const days = new Map<string, GalleryImage[]>();
  for (const image of images) {
    const day = days.get(image.day);
    if (day) day.push(image);
    else days.set(image.day, [image]);
  }
  return [...days].flatMap(([day, pictures]) => [
    { kind: "day" as const, key: day, day, count: pictures.length },
    ...chunks(pictures, columns).map((row) => ({ kind: "pictures" as const, key: row[0]?.path ?? day, images: row })),
  ]);
}

/** Pages (each newest first, the later page older) as one list; a picture that a new one pushed onto the next page appears once. */
export function mergePages(pages: readonly { images: GalleryImage[] }[]): GalleryImage[] {
  const seen = new Set<string>();
  return pages.flatMap((page) =>
    page.images.filter((image) => {
      if (seen.has(image.path)) return false;
      seen.add(image.path);
      return true;
    }),
  );
}

/** The prompt at the beginning of an infotext: all before the negative prompt and the settings. */
export function promptOf(infotext: string | null): string {
  return (infotext ?? "").split(/\n(?:Negative prompt: |Steps: )/, 1)[0] ?? "";
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const rows: T[][] = [];
  for (let i = 0; i < items.length; i += size) rows.push(items.slice(i, i + size));
  return rows;
}
