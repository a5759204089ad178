// The list of methods and entities, and the search in it.

/** Everything that can be found: `{kind, api, name, text, scopes, search}`. */
let everything = [];
let found = [];
let shownItems = 0;

/** How many items are shown at once. */
const ITEMS = 150;

function readIndex(index) {
  const entry = (kind) => ([api, name, text, scopes]) => {
    const item = { kind, api, name, text, scopes };
    item.search = [name, text, scopes.join(" "), kind, api === "v3" ? "rest 3 v3" : "rest 2 v2"].join(" ").toLowerCase();
    return item;
  };
  everything = [...index.methods.map(entry("method")), ...index.entities.map(entry("entity"))];
  for (const item of everything) {
    if (item.kind === "method" && !methods.has(item.name.toLowerCase())) methods.set(item.name.toLowerCase(), item);
  }
  const scopes = new Map();
  for (const item of everything) for (const scope of item.scopes) scopes.set(scope, (scopes.get(scope) || 0) + 1);
  const options = [...scopes].sort(([one], [other]) => one.localeCompare(other));
  byId("scope").replaceChildren(
    el("option", { value: "" }, "All scopes"),
    ...options.map(([scope, count]) => el("option", { value: scope }, `${scope} (${count})`)),
  );
}

/** How well an item is what was searched: names before texts, beginnings before parts. */
function rank(item, terms) {
  const name = item.name.toLowerCase();
  const whole = terms.join(" ");
  if (name === whole) return 0;
  if (terms.length && name.startsWith(terms[0])) return 1;
  return terms.every((term) => name.includes(term)) ? 2 : 3;
}

function search() {
  const terms = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const scope = byId("scope").value;
  const fits = (item) => (!scope || item.scopes.includes(scope)) && terms.every((term) => item.search.includes(term));
  found = everything.filter(fits);
  if (terms.length) {
    const ranks = new Map(found.map((item) => [item, rank(item, terms)]));
    found.sort((one, other) => ranks.get(one) - ranks.get(other));
  }
  const count = found.filter((item) => item.kind === "method").length;
  byId("shown").textContent = `${many(count, "method")}, ${many(found.length - count, "entity", "entities")}`;
  byId("found").replaceChildren();
  shownItems = 0;
  showMore();
}

function showMore() {
  const next = found.slice(shownItems, shownItems + ITEMS);
  const item = ({ kind, api, name, text }) => {
    const label = kind === "entity" ? " · entity" : "";
    const link = el("a", { href: routeOf(kind, api, name), tabindex: "-1" },
      el("b", {}, name), api === "v3" ? " · REST 3" : "", label, el("span", {}, text));
    return el("li", {}, link);
  };
  byId("found").append(...next.map(item));
  shownItems += next.length;
  byId("more").hidden = shownItems >= found.length;
  if (shownItems === next.length) chooseFirst();
  markCurrent();
}

/** Marks the item of the open method. */
function markCurrent() {
  for (const link of byId("found").querySelectorAll("a")) {
    if (link.getAttribute("href") === location.hash) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

const chooseFirst = arrows(byId("found"), "a", () => byId("search").focus());

byId("search").addEventListener("input", search);
byId("scope").addEventListener("change", search);
byId("more").addEventListener("click", () => {
  const before = shownItems;
  showMore();
  byId("found").querySelectorAll("a")[before]?.focus();
});
byId("search").addEventListener("keydown", (event) => {
  const first = byId("found").querySelector("a");
  if (event.key === "ArrowDown" && first) {
    event.preventDefault();
    first.focus();
  } else if (event.key === "Enter" && first) {
    location.hash = first.getAttribute("href");
  }
});
document.addEventListener("keydown", (event) => {
  const editing = event.target.closest("input, textarea, select, dialog");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || editing) return;
  event.preventDefault();
  if (byId("methods").hidden) location.hash = "#/";
  byId("methods").hidden = false;
  byId("search").focus();
  byId("search").select();
});
