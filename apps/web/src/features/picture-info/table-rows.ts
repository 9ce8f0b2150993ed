/** @file An infotext's parameters as rows of a table. */
import type { PictureInfo } from "@lexeme/protocol";

/** Keys and values in the text's order, sizes in one piece. Values that the text leaves out and the reader adds are not shown. */
export function tableRows({ parameters, infotext }: PictureInfo): [key: string, value: string][] {
  const written = infotext ?? "";
  return Object.entries(parameters).flatMap(([key, value]): [string, string][] => {
    const side = /^(.*)-([12])$/.exec(key);
    const name = side?.[1] ?? key;
    if (!written.includes(`${name}:`)) return [];
    if (side === null) return [[key, value]];
    return side[2] === "1" ? [[name, `${value} × ${parameters[`${name}-2`] ?? ""}`]] : [];
  });
}
