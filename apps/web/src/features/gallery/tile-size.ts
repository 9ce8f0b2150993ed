/** @file The sizes of the gallery's tiles, chosen in this browser. */
import { useLocalStorage } from "@mantine/hooks";

export interface TileSize {
  value: string;
  /** The name for screen readers. */
  name: string;
  /** The least width of a tile in pixels, and the least number of tiles side by side. */
  minCell: number;
  minColumns: number;
  /** Pixels of its thumbnail: enough for fine screens. */
  thumbnail: number;
}

export const TILE_SIZES: readonly TileSize[] = [
  { value: "S", name: "Small tiles", minCell: 96, minColumns: 3, thumbnail: 192 },
  { value: "M", name: "Medium tiles", minCell: 148, minColumns: 2, thumbnail: 320 },
  { value: "L", name: "Large tiles", minCell: 232, minColumns: 2, thumbnail: 512 },
  { value: "XL", name: "Very large tiles", minCell: 360, minColumns: 1, thumbnail: 768 },
];

export function useTileSize(): [TileSize, (value: string) => void] {
  const [value, setValue] = useLocalStorage({
    key: "lexeme.gallery.tiles",
    defaultValue: "M",
    getInitialValueInEffect: false,
  });
  return [TILE_SIZES.find((size) => size.value === value) ?? TILE_SIZES[1]!, setValue];
}
