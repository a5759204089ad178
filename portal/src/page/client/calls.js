// The record of calls.

/** The number of the newest call that is shown, and before which call the page ends. `null`: the newest calls are shown. */
let shownUntil = 0;
let before = null;
let oldestShown = 0;

const chooseCall = arrows(byId("calls-table"), "a");

async function showCalls() {
  const calls = await ask("calls?" + query({ before: before ?? undefined, limit: PAGE }));
  if (!calls) return;
  if (before === null) shownUntil = calls.length ? calls[0].number : 0;
  oldestShown = calls.length ? calls[calls.length - 1].number : 0;
  const row = (call) => [
    el("a", { href: `#/call/${call.number}`, tabindex: "-1", "aria-label": `Call ${call.number}, ${call.method}` }, String(call.number)),
    new Date(call.at).toLocaleTimeString(),
    call.api === "v3" ? "REST 3" : "REST 2",
    call.method,
    el("span", { class: call.status >= 200 && call.status < 300 ? "right" : "wrong" }, call.status ? String(call.status) : "no answer"),
    many(call.bytes, "byte"),
  ];
  fillTable(byId("calls-table"), ["Call", "Time", "Interface", "Method", "Status", "Answer"], calls.map(row));
  if (calls.length) chooseCall();
  byId("calls-shown").textContent = calls.length ? `Calls ${oldestShown} to ${calls[0].number}` : "No call is recorded.";
  byId("calls-older").disabled = calls.length < PAGE;
}

/** Shows new calls as they come, unless the reader is in the table. */
function callsChanged(last) {
  if (byId("calls").hidden || before !== null || last === shownUntil) return;
  if (!byId("calls-table").contains(document.activeElement)) showCalls();
}

async function showCall(number) {
  const call = await ask("call?" + query({ number }));
  if (!call) return;
  const again = () => {
    sentBefore = call.params;
    location.hash = routeOf("method", call.api, call.method);
  };
  byId("call").replaceChildren(
    el("p", {}, el("a", { href: "#/calls" }, "All calls")),
    el("h2", { tabindex: "-1" }, `Call ${number}: ${call.method}`),
    el("p", {}, el("span", { class: call.status >= 200 && call.status < 300 ? "right" : "wrong" }, call.status ? String(call.status) : "no answer"), ` at ${new Date(call.at).toLocaleString()}`),
    el("button", { type: "button", onclick: again }, "Send again with changes"),
    el("h3", {}, "Parameters"),
    el("pre", { tabindex: "0", "aria-label": "Parameters" }, shortened(pretty(call.params))),
    el("h3", {}, "Answer"),
    el("pre", { tabindex: "0", "aria-label": "Answer" }, shortened(typeof call.body === "string" ? call.body : pretty(call.body))),
  );
  byId("call").querySelector("h2").focus();
}

byId("calls-newest").addEventListener("click", () => {
  before = null;
  showCalls();
});
byId("calls-older").addEventListener("click", () => {
  before = oldestShown;
  showCalls();
});
