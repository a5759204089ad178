#!/usr/bin/env python3
"""Compares the verdict of `cargo spec diff` with that of cargo-semver-checks.

Usage: compare.py DIFF.json CHECKS.txt

DIFF.json is the output of `cargo spec diff OLD NEW --format json`, CHECKS.txt that of cargo-semver-checks on the same two crates.
Prints how many breaking items both report, and each item that only one of them reports, by rule or lint.
Exits with 1 if cargo-semver-checks reports an item that no breaking or additive change explains.
"""

import collections
import json
import re
import sys


def module_of(path):
    """The module of a generated file: .../generated/crm/deal.rs is crm::deal."""
    inside = path.split("/generated/")[-1]
    return inside.removesuffix(".rs").replace("/", "::").removesuffix("::lib")


def bare(path):
    return path.replace("r#", "")


def lints(text):
    """The items of each failed lint: (lint, path of the item)."""
    for part in re.split(r"^--- failure ", text, flags=re.M)[1:]:
        lint = part.split(":")[0]
        for line in part.split("Failed in:")[-1].splitlines():
            if line.startswith("  "):
                yield lint, item(line.strip())


def item(line):
    location = re.search(r"(\S+\.rs):\d+", line)
    module = module_of(location.group(1)) if location else ""
    field = re.match(r"field (\S+) of (?:struct|variant) (\S+?),? ", line)
    if field:
        return bare(f"{module}::{field.group(2)}::{field.group(1)}")
    full = re.search(r"bitrix24(?:_core)?::(\S+?)(?:,| |$)", line)
    if full:
        return bare(full.group(1))
    name = re.match(r"(?:variant |type )?(\S+?),? ", line)
    return bare(f"{module}::{name.group(1)}") if name else line


def paths(change):
    """The paths that a change is about: before and after."""
    found = {change["path"]}
    for side in ("old", "new"):
        value = change.get(side) or ""
        if "::" in value and " " not in value:
            found.add(value)
        elif change["rule"].endswith("_renamed") and re.fullmatch(r"[\w#]+", value):
            found.add(change["path"].rsplit("::", 1)[0] + "::" + value)
    return {bare(path) for path in found if path}


def main():
    changes = json.load(open(sys.argv[1], encoding="utf-8"))["result"]["diff"]["changes"]
    reported = list(lints(open(sys.argv[2], encoding="utf-8").read()))
    by_path = collections.defaultdict(list)
    for change in changes:
        for path in paths(change):
            by_path[path].append(change)
            # The request and the errors of a function have its name in camel case.
            if change["rule"] in ("function_renamed", "method_removed"):
                by_path[path.lower().replace("_", "") + "error"].append(change)
            by_path[path.lower().replace("_", "")].append(change)

    def explains(path):
        """The changes of the item, of a part of it, or of what contains it."""
        exact = by_path.get(path) or by_path.get(path.lower().replace("_", ""))
        if exact:
            return sorted(exact, key=lambda change: change["severity"] != "breaking")
        part = [c for known, of in by_path.items() if known.startswith(path + "::") for c in of]
        return part or by_path.get(path.rsplit("::", 1)[0], [])

    both, alone = collections.Counter(), []
    explained = set()
    for lint, path in reported:
        found = explains(path)
        if found:
            both[(lint, found[0]["rule"])] += 1
            explained.update(id(change) for change in found)
        else:
            alone.append((lint, path))
    print(f"{len(reported)} items of cargo-semver-checks, {sum(both.values())} explained by changes:")
    for (lint, rule), count in sorted(both.items()):
        print(f"  {count:5} {lint}: {rule}")
    print(f"{len(alone)} not explained:")
    for lint, path in sorted(alone):
        print(f"        {lint}: {path}")
    rest = collections.Counter(
        change["rule"] for change in changes if change["severity"] == "breaking" and id(change) not in explained
    )
    print(f"{sum(rest.values())} breaking changes that only cargo spec diff reports:")
    for rule, count in sorted(rest.items()):
        print(f"  {count:5} {rule}")
    sys.exit(1 if alone else 0)


main()
