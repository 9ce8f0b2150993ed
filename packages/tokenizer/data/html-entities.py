"""
Writes html-entities.json: HTML5's entities that end in a semicolon, and their upper-case spellings where no other entity has this name;
and bare-html-entities.json: the older names that HTML also reads without a semicolon.
"""
import html, html.entities, json, pathlib

out = {}
for name, char in html.entities.html5.items():
    if name.endswith(";"):
        out[name[:-1]] = char
        shout = "&" + name.upper()
        if name == name.lower() and html.unescape(shout) == shout:
            out[name[:-1].upper()] = char.upper()
pathlib.Path(__file__).with_name("html-entities.json").write_text(json.dumps(out, sort_keys=True, indent=0) + "\n")
bare = sorted(name for name in html.entities.html5 if not name.endswith(";"))
pathlib.Path(__file__).with_name("bare-html-entities.json").write_text(json.dumps(bare) + "\n")
