"""
Writes label-glyphs.tsv: outlines of Noto Sans Regular (SIL Open Font License 1.1, see OFL.txt) as SVG paths, for the labels of picture grids. The labels
then look the same on every machine, also on a server without fonts. A line is a character, its advance and its path, in thousandths of an em; the first
line holds ascent and descent. Run with fontTools on the .woff files of the npm package @fontsource/noto-sans: python label-glyphs.py FOLDER
"""
import pathlib, sys
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

UNITS = 1000
SCRIPTS = ["latin", "latin-ext", "greek", "cyrillic"]
RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x386, 0x3CE), (0x400, 0x45F)]
SINGLE = "–—‘’‚“”„†•…‹›€№™−"
characters = [chr(c) for a, b in RANGES for c in range(a, b + 1) if c != 0xAD] + list(SINGLE)
table = {}
for script in SCRIPTS:
    font = TTFont(pathlib.Path(sys.argv[1]) / f"noto-sans-{script}-400-normal.woff")
    scale = UNITS / font["head"].unitsPerEm
    glyphs, names, hhea = font.getGlyphSet(), font.getBestCmap(), font["hhea"]
    for character in characters:
        name = names.get(ord(character))
        if name is None or character in table:
            continue
        pen = SVGPathPen(glyphs, ntos=lambda number: str(round(number)))
        glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, 0, 0)))
        table[character] = (round(glyphs[name].width * scale), pen.getCommands())
lines = [f"\t{round(hhea.ascent * scale)}\t{round(-hhea.descent * scale)}"]
lines += [f"{character}\t{advance}\t{path}" for character, (advance, path) in sorted(table.items())]
out = pathlib.Path(__file__).with_name("label-glyphs.tsv")
out.write_text("\n".join(lines) + "\n")
print(len(table), "of", len(characters), out.stat().st_size)
