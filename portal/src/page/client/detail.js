// A method or an entity: words, parameters, result and errors.

const badge = (text) => el("span", { class: "badge" }, text);

/** The type of a value as one text. */
function typeOf(node) {
  const parts = [node.type || "any value"];
  if (node.format) parts.push(node.format);
  if (node.min !== undefined) parts.push(`from ${node.min}`);
  if (node.max !== undefined) parts.push(`to ${node.max}`);
  if (node.length !== undefined) parts.push(`at most ${node.length} characters`);
  if (node.default !== undefined) parts.push(`default ${JSON.stringify(node.default)}`);
  if (node.entity) parts.push(node.entity);
  return parts.join(" · ");
}

/** The fields of an object, as nested lists that open. */
function tree(nodes) {
  return el("ul", { class: "tree" }, nodes.map((node) => {
    const head = [el("code", {}, node.name), " ", el("span", { class: "soft" }, typeOf(node))];
    if (node.required) head.push(" ", badge("required"));
    const values = node.values ? el("p", { class: "soft" }, "Values: ", node.values.map((value) => el("code", {}, JSON.stringify(value))).flatMap((code) => [code, " "])) : null;
    const inner = node.fields?.length ? el("details", {}, el("summary", {}, many(node.fields.length, "field")), tree(node.fields)) : null;
    return el("li", {}, head, paragraphs(node.text), values, inner);
  }));
}

function errorsOf(errors) {
  return el("dl", {}, errors.flatMap((error) => [
    el("dt", {}, el("code", {}, error.code || "(no code)"), error.status ? ` ${error.status} ` : " ", error.message ? el("i", {}, error.message) : ""),
    el("dd", {}, paragraphs(error.text)),
  ]));
}

async function showMethod(api, name) {
  const method = await ask("method?" + query({ api, name }));
  if (!method) return;
  const article = byId("detail");
  const facts = [
    badge(api === "v3" ? "REST 3" : "REST 2"),
    ...method.scopes.map((scope) => badge(`scope ${scope}`)),
    method.application ? badge("applications only") : null,
    method.deprecated ? badge("deprecated") : null,
    method.role ? badge(`${method.role} in stored rows`) : badge("no stored rows"),
  ];
  article.replaceChildren(...[
    el("h2", { tabindex: "-1" }, method.name),
    el("p", {}, facts),
    ...paragraphs(method.text),
    method.table ? el("p", {}, el("a", { href: `#/rows/${encodeURIComponent(method.table)}` }, `Stored rows of ${method.table}`)) : null,
    el("h3", {}, "Call"),
    formOf(method),
    el("h3", {}, "Result"),
    el("p", {}, typeOf(method.returns)),
    ...paragraphs(method.returns.text),
    method.returns.fields?.length ? tree(method.returns.fields) : null,
    method.errors.length ? el("h3", {}, "Errors") : null,
    method.errors.length ? errorsOf(method.errors) : null,
  ].filter(Boolean));
  article.querySelector("h2").focus({ preventScroll: innerWidth > 800 });
}

async function showEntity(api, name) {
  const entity = await ask("entity?" + query({ api, name }));
  if (!entity) return;
  const article = byId("detail");
  const link = (method) => el("li", {}, el("a", { href: routeOf("method", api, method) }, method));
  article.replaceChildren(...[
    el("h2", { tabindex: "-1" }, entity.name),
    el("p", {}, badge(api === "v3" ? "REST 3" : "REST 2"), badge("entity")),
    ...paragraphs(entity.text),
    entity.table ? el("p", {}, el("a", { href: `#/rows/${encodeURIComponent(entity.table)}` }, "Stored rows")) : null,
    entity.methods.length ? el("h3", {}, "Methods") : null,
    entity.methods.length ? el("ul", {}, entity.methods.map(link)) : null,
    el("h3", {}, "Fields"),
    tree(entity.fields),
  ].filter(Boolean));
  article.querySelector("h2").focus({ preventScroll: innerWidth > 800 });
}

function showNothing() {
  byId("detail").replaceChildren(
    el("h2", {}, "Every documented method"),
    el("p", {}, "Choose a method to read what it takes, returns and refuses, and to call it here. Rows that are added are stored: other methods, and other programs, see them."),
    el("p", { class: "hint" }, "Press / to search, Ctrl+Enter to send a call."),
  );
}
