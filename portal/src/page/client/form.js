// The form of a call.

/** The path of calls of a webhook: `/rest/1/secret/`. */
let webhook = "";
/** The access token of the application, when a call needed one. */
let token = "";
/** Parameters of a recorded call that is sent again. */
let sentBefore = null;

/** An input for a parameter, and a function that reads it: `undefined` if it is empty, an error if it is no such value. */
function inputOf(node, id) {
  const given = sentBefore ? sentBefore[node.name] : node.example;
  const text = given === undefined || given === null ? "" : typeof given === "string" ? given : JSON.stringify(given);
  if (node.kind === "flag") {
    const options = [["", "not sent"], ...node.flags.map((value) => [JSON.stringify(value), String(value)])];
    const input = el("select", { id }, options.map(([value, label]) => el("option", { value, selected: given !== undefined && value === JSON.stringify(given) }, label)));
    return [input, () => (input.value ? JSON.parse(input.value) : undefined)];
  }
  if (node.kind === "json" || node.kind === "any") {
    const shown = given === undefined || given === null ? "" : typeof given === "string" && node.kind === "any" ? given : pretty(given);
    const rows = Math.min(Math.max(shown.split("\n").length, 2), 16);
    const input = el("textarea", { id, rows, spellcheck: "false" });
    input.value = shown;
    return [input, () => {
      if (!input.value.trim()) return undefined;
      try {
        return JSON.parse(input.value);
      } catch (error) {
        if (node.kind === "any") return input.value;
        throw new Error(`This is no JSON: ${error.message}`);
      }
    }];
  }
  const number = node.kind === "number";
  const list = node.values ? el("datalist", { id: `${id}-values` }, node.values.map((value) => el("option", { value: String(value) }))) : null;
  const input = el("input", { id, type: "text", value: text, autocomplete: "off", spellcheck: "false", inputmode: number ? "decimal" : null, list: list ? `${id}-values` : null });
  const read = () => {
    if (input.value === "") return undefined;
    // What is no number is sent as it is: the portal refuses it.
    return number && input.value.trim() !== "" && Number.isFinite(Number(input.value)) ? Number(input.value) : input.value;
  };
  return [input, read, list];
}

/** The fields that an object may have; a button adds one to the JSON. */
function fieldsOf(node, input) {
  const add = (field) => {
    let value = {};
    try {
      value = JSON.parse(input.value || "{}");
    } catch {
      return input.focus();
    }
    value[field.name] = field.example ?? "";
    input.value = pretty(value);
    input.rows = Math.min(input.value.split("\n").length, 16);
  };
  const item = (field) => el("li", {},
    el("button", { type: "button", onclick: () => add(field), "aria-label": `Add ${field.name}` }, "Add"), " ",
    el("code", {}, field.name), " ", el("span", { class: "soft" }, typeOf(field)), field.required ? badge("required") : null, paragraphs(field.text));
  return el("details", {}, el("summary", {}, `${many(node.fields.length, "documented field")} for ${node.name}`), el("ul", { class: "tree" }, node.fields.map(item)));
}

function fieldOf(node, at, readers) {
  const id = `param-${at}`;
  const [input, read, list] = inputOf(node, id);
  const words = el("div", { id: `${id}-words`, class: "soft" }, paragraphs(node.text));
  const wrong = el("p", { id: `${id}-wrong`, class: "wrong" });
  input.setAttribute("aria-describedby", `${id}-words ${id}-wrong`);
  if (node.required) input.setAttribute("aria-required", "true");
  const label = el("label", { for: id }, el("code", {}, node.name), " ", el("span", { class: "soft" }, typeOf(node)), node.required ? [" ", badge("required")] : null);
  readers.push((params) => {
    wrong.textContent = "";
    input.removeAttribute("aria-invalid");
    try {
      const value = read();
      if (value !== undefined) params[node.name] = value;
      return true;
    } catch (error) {
      wrong.textContent = error.message;
      input.setAttribute("aria-invalid", "true");
      input.focus();
      return false;
    }
  });
  const structured = node.fields?.length && input.tagName === "TEXTAREA";
  return el("div", { class: "field" }, label, words, input, list, wrong, structured ? fieldsOf(node, input) : null);
}

function formOf(method) {
  const readers = [];
  const first = method.params.filter((node) => node.required || node.example !== undefined || (sentBefore && node.name in sentBefore));
  const others = method.params.filter((node) => !first.includes(node));
  const fields = (nodes, from) => nodes.map((node, at) => fieldOf(node, from + at, readers));
  const caller = el("select", { id: "caller" },
    el("option", { value: "webhook" }, "the webhook"),
    el("option", { value: "application", selected: method.application }, "the application, by its token"),
    el("option", { value: "anonymous" }, "no one, which is refused"));
  const status = el("p", { role: "status", id: "sent" });
  const answer = el("div", { id: "answer" });
  const unknown = sentBefore ? Object.keys(sentBefore).filter((name) => !method.params.some((node) => node.name === name)) : [];
  const more = { name: "Other parameters", kind: "json", type: "object", text: "Parameters that the method does not document, as JSON.", example: undefined };
  const kept = sentBefore;
  if (unknown.length) sentBefore = { [more.name]: Object.fromEntries(unknown.map((name) => [name, kept[name]])) };
  const moreField = fieldOf(more, method.params.length, readers);
  sentBefore = kept;
  const form = el("form", { "aria-label": `Call ${method.name}` },
    fields(first, 0),
    method.params.length ? null : el("p", {}, "The method documents no parameters."),
    el("details", { open: unknown.length > 0 }, el("summary", {}, others.length ? `${many(others.length, "optional parameter")}, and others` : "Other parameters"), fields(others, first.length), moreField),
    el("p", { class: "line" },
      el("label", { for: "caller" }, "Sent by"), caller,
      el("button", { type: "submit", class: "main" }, "Send"), el("span", { class: "hint" }, "or Ctrl+Enter")),
    status, answer);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const params = {};
    for (const read of readers) if (!read(params)) return;
    const further = params[more.name];
    delete params[more.name];
    send(method, { ...params, ...(further && typeof further === "object" ? further : {}) }, caller.value, status, answer);
  });
  sentBefore = null;
  return form;
}

/** Where and how a caller sends a call. */
async function targetOf(method, caller) {
  const headers = { "Content-Type": "application/json" };
  const rest = method.api === "v3" ? "/rest/api/" : "/rest/";
  if (caller === "webhook") return { url: webhook.replace("/rest/", rest) + method.name, headers };
  if (caller === "application") {
    if (!token) token = (await ask("token", { method: "POST" }))?.access_token || "";
    headers.Authorization = `Bearer ${token}`;
  }
  return { url: rest + method.name, headers };
}

async function send(method, params, caller, status, answer, again = true) {
  status.textContent = "Sending…";
  const { url, headers } = await targetOf(method, caller);
  const body = JSON.stringify(params);
  const begin = performance.now();
  let text = "";
  let response;
  try {
    response = await fetch(url, { method: "POST", headers, body, redirect: "manual" });
    text = await response.text();
  } catch {
    status.replaceChildren(el("span", { class: "wrong" }, "The connection ended without an answer."));
    return;
  }
  if (caller === "application" && response.status === 401 && again) {
    token = "";
    return send(method, params, caller, status, answer, false);
  }
  let value;
  try {
    value = pretty(JSON.parse(text));
  } catch {
    value = text || (response.type === "opaqueredirect" ? "The portal has moved and redirects calls." : "");
  }
  const time = `${(performance.now() - begin).toFixed(0)} ms`;
  status.replaceChildren(el("span", { class: response.ok ? "right" : "wrong" }, `${response.status || "Redirected"} in ${time}, ${many(text.length, "character")}`));
  const shell = `curl ${Object.entries(headers).map(([name, header]) => `-H '${name}: ${header}'`).join(" ")} -d '${body.replaceAll("'", "'\\''")}' '${location.origin}${url}'`;
  answer.replaceChildren(
    el("pre", { tabindex: "0", "aria-label": "Answer" }, shortened(value)),
    el("details", {}, el("summary", {}, "The same call with curl"), el("pre", { tabindex: "0" }, shell)),
  );
  poll();
}
