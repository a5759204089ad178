// What all views use. Values of the portal become text nodes and never markup.

const byId = (id) => document.getElementById(id);

/** An element with attributes, listeners (`onclick`) and children; children are elements or texts. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** What the portal says at `/page/…`. A failure is shown, and `null`. */
async function ask(path, options) {
  try {
    const response = await fetch("/page/" + path, options);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    const value = await response.json();
    byId("problem").textContent = "";
    return value;
  } catch (error) {
    byId("problem").textContent = `The portal does not answer: ${error.message}`;
    return null;
  }
}

const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined));

const pretty = (value) => JSON.stringify(value, null, 2);

const many = (count, one, more = one + "s") => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

/** How much of a text is shown at once. */
const LONGEST = 200000;

function shortened(text, length = LONGEST) {
  return text.length > length ? `${text.slice(0, length)}… (${many(text.length, "character")})` : text;
}

/** The names of all methods, to which texts become links. */
const methods = new Map();

const routeOf = (kind, api, name) => `#/${kind}/${api}/${encodeURIComponent(name)}`;

/** Words with `code` in backticks; a method in them is a link. */
function words(text) {
  return text.split(/(`[^`]*`)/).map((part) => {
    if (!/^`.*`$/s.test(part)) return part;
    const name = part.slice(1, -1);
    const method = methods.get(name.toLowerCase());
    const code = el("code", {}, name);
    return method ? el("a", { href: routeOf("method", method.api, method.name) }, code) : code;
  });
}

/** Words with paragraphs, and with lists of values. */
function paragraphs(text) {
  const blocks = [];
  for (const block of (text || "").split("\n\n").filter(Boolean)) {
    const lines = block.split("\n");
    const items = lines.filter((line) => line.startsWith("- "));
    const rest = lines.filter((line) => !line.startsWith("- ")).join(" ");
    if (rest) blocks.push(el("p", {}, words(rest)));
    if (items.length) blocks.push(el("ul", {}, items.map((item) => el("li", {}, words(item.slice(2))))));
  }
  return blocks;
}

/** Makes the arrow keys, Home and End choose one of the elements in a container; only the chosen one is in the order of Tab. */
function arrows(container, selector, onEscape) {
  const all = () => [...container.querySelectorAll(selector)];
  const choose = (element) => {
    for (const other of all()) other.tabIndex = other === element ? 0 : -1;
  };
  container.addEventListener("focusin", (event) => {
    const element = event.target.closest(selector);
    if (element) choose(element);
  });
  container.addEventListener("keydown", (event) => {
    const elements = all();
    const at = elements.indexOf(document.activeElement);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -elements.length, End: elements.length };
    if (event.key === "Escape" && onEscape) {
      onEscape();
    } else if (at >= 0 && event.key in steps) {
      const next = Math.min(Math.max(at + steps[event.key], 0), elements.length - 1);
      elements[next].focus();
      elements[next].scrollIntoView({ block: "nearest" });
    } else {
      return;
    }
    event.preventDefault();
  });
  return () => choose(all()[0]);
}

/** A table with these headings, whose rows are lists of texts or elements. */
function fillTable(table, headings, rows) {
  const head = el("tr", {}, headings.map((heading) => el("th", { scope: "col" }, heading)));
  const body = rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell))));
  table.replaceChildren(el("thead", {}, head), el("tbody", {}, body));
}

function showDialog(title, text) {
  byId("dialog-title").textContent = title;
  byId("dialog-text").textContent = shortened(text);
  byId("dialog").showModal();
}
