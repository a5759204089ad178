"""Reads the types of generated Rust, as far as they follow from the text of structs, enums and aliases."""

import pathlib
import re
import sys

sys.setrecursionlimit(10_000)

ITEM = re.compile(r"^\s*pub (struct|enum|type) (?:r#)?(\w+)(<[^>{(;]*>)?\s*([{(;=])", re.M)
FIELD = re.compile(r"^\s*pub (?:r#)?(\w+)\s*:\s*(.+?),?\s*$", re.M)
VARIANT = re.compile(r"^\s*(\w+)\s*(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\)|\{[^}]*\})?\s*(?:=[^,]*)?,?\s*$", re.M)
WRAPPERS = {"Option", "Box", "Vec", "OneOrMany", "Arc", "HashSet", "BTreeSet", "OneOrMany"}
MAPS = {"HashMap", "BTreeMap", "IndexMap", "Map"}
PLAIN = {"String", "bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "DateTime", "NaiveDate", "NaiveDateTime", "Uuid", "Url"}
# Fields for what no schema describes.
EXTRA = {"extra", "additional_properties"}


def body(text, start, opening):
    closing = {"{": "}", "(": ")", "=": ";", ";": ";"}[opening]
    if opening in "=;":
        return text[start:text.index(closing, start)]
    depth = 1
    for at in range(start, len(text)):
        depth += (text[at] == opening) - (text[at] == closing)
        if depth == 0:
            return text[start:at]
    return text[start:]


def without_noise(text):
    text = re.sub(r"^\s*//.*$", "", text, flags=re.M)
    text = re.sub(r"^\s*#!?\[[^\n]*\]\s*$", "", text, flags=re.M)
    # Attributes of several lines.
    return re.sub(r"^\s*#\[(?:[^\[\]]|\[[^\[\]]*\])*\]", "", text, flags=re.M)


class Crate:
    """The types of a crate. `flat`: all names are unique, whatever their module."""

    def __init__(self, folder, flat):
        self.flat = flat
        self.items = {}
        self.functions = {}
        self.outputs = {}
        for path in sorted(pathlib.Path(folder).rglob("*.rs")):
            parts = list(path.relative_to(folder).with_suffix("").parts)
            if parts[-1] in ("mod", "lib"):
                parts.pop()
            self.read("" if flat else "::".join(parts), path.read_text(errors="replace"))

    def read(self, module, text):
        text = without_noise(text)
        for found in ITEM.finditer(text):
            kind, name, parameters, opening = found.groups()
            content = body(text, found.end(), opening)
            defaults = dict(re.findall(r"(\w+)\s*=\s*([^,>]+)", parameters or ""))
            generic = set(re.findall(r"\w+", parameters or "")) if parameters and not defaults else set()
            self.items.setdefault((module, name), (kind, opening, content, defaults, generic))
        for name, given in re.findall(r"pub (?:async )?fn (?:r#)?(\w+)[^{;]*?->\s*([^{;]+)\{", text):
            self.functions.setdefault(name, given)
        # In this project, a request names its method and its result.
        for content in re.findall(r"^impl(?:<[^{]*?>)? b24::Method for [^{]*\{(.*?)^\}", text, flags=re.M | re.S):
            method = re.search(r'MethodInfo::new\(\s*b24::Api::(V\d),\s*"([^"]+)"', content)
            output = re.search(r"type Output = ([^;]+);", content)
            if method and output:
                name = ("v3-" if method[1] == "V3" else "") + method[2].lower()
                self.outputs[name] = (module, output[1])

    def methods(self):
        return self.outputs

    def find(self, module, path):
        parts = path.replace("r#", "").split("::")
        if self.flat:
            return ("", parts[-1]) if ("", parts[-1]) in self.items else None
        here = module.split("::") if module else []
        while parts and parts[0] in ("super", "self", "crate"):
            first = parts.pop(0)
            here = here[:-1] if first == "super" else [] if first == "crate" else here
        key = ("::".join(here + parts[:-1]), parts[-1])
        return key if key in self.items else None

    def measure(self, module, ty, seen=()):
        """How many single values of a type are typed, and how many there are."""
        ty = ty.strip().rstrip(",").strip()
        if ty.startswith("("):
            inner = ty[1:-1].strip()
            return (0, 1) if not inner else self.measure(module, inner.split(",")[0], seen)
        ty = ty.lstrip("&").removeprefix("::")
        path, _, rest = ty.partition("<")
        arguments = split_arguments(rest.rsplit(">", 1)[0]) if rest else []
        name = path.strip().split("::")[-1]
        if name in WRAPPERS and arguments:
            return self.measure(module, arguments[0], seen)
        if name in MAPS:
            return self.measure(module, arguments[-1], seen) if len(arguments) > 1 else (0, 1)
        if name == "Value":
            return (0, 1)
        key = self.find(module, path.strip())
        if key is None:
            return (1, 1)
        if key in seen:
            return (1, 1)
        return self.measure_item(key, arguments, module, (*seen, key))

    def measure_item(self, key, arguments, module, seen):
        kind, opening, content, defaults, _ = self.items[key]
        inside = key[0]
        if kind == "type" or opening == "(":
            inner = re.sub(r"^\s*pub\s+", "", content.strip())
            return self.measure(inside, inner, seen)
        if kind == "enum":
            inner = [found[1] for found in VARIANT.findall(content) if found[1]]
            parts = [self.measure(inside, part, seen) for part in inner]
            if parts and all(typed == 0 for typed, _ in parts):
                return (0, 1)
            objects = [part for part in parts if part[1] > 1]
            return add(objects) if objects else (1, 1)
        fields = [(name, ty) for name, ty in FIELD.findall(content) if name not in EXTRA]
        if not fields:
            return (0, 1)
        for parameter, default in defaults.items():
            fields = [(name, re.sub(rf"\b{parameter}\b", default.strip(), ty)) for name, ty in fields]
        return add([self.measure(inside, ty, seen) for _, ty in fields])


def split_arguments(text):
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "<(") - (letter in ">)")
        if letter == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def add(parts):
    return (sum(typed for typed, _ in parts), sum(total for _, total in parts))


def is_typed(part):
    return part[0] > 0


def words(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def typed_results(crate, ids, methods=None):
    """The share of typed results, and of typed values in results, of operations."""
    results, values, unknown = [], [], []
    functions = {words(name): given for name, given in crate.functions.items()}
    for name in ids:
        part = of_method(crate, methods, name) if methods is not None else of_function(crate, functions.get(words(name)))
        if part is None:
            unknown.append(name)
            continue
        results.append(is_typed(part))
        values.append(part)
    return {"typed_results": [sum(results), len(results)], "typed_values": list(add(values)), "unknown": unknown[:20], "unknown_count": len(unknown)}


def of_method(crate, methods, name):
    found = methods.get(name)
    return crate.measure(*found) if found else None


def of_function(crate, given):
    """The field `result` of the first struct in the type that a function returns."""
    for name in re.findall(r"\w+", given or ""):
        item = crate.items.get(("", name))
        if item and item[0] == "struct" and item[1] == "{":
            fields = dict(FIELD.findall(item[2]))
            if "result" in fields:
                return crate.measure("", fields["result"])
            if name not in ("ResponseValue", "ApiResponse"):
                return None
        if item and item[0] in ("enum", "type"):
            part = crate.measure("", name)
            return part
    return (0, 1) if given and "Value" in given else None
