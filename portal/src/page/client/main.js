// Views by the fragment of the address.

const VIEWS = ["methods", "rows", "calls", "call", "limits"];

async function route() {
  const [page = "", ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const view = VIEWS.includes(page) ? page : "methods";
  for (const name of VIEWS) byId(name).hidden = name !== view;
  const marked = view === "call" ? "calls" : view;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.page === marked) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  markCurrent();
  if (page === "method") await showMethod(rest[0], rest[1]);
  else if (page === "entity") await showEntity(rest[0], rest[1]);
  else if (view === "methods") showNothing();
  else if (view === "rows") await showTables(rest[0]);
  else if (view === "calls") await showCalls();
  else if (view === "call") await showCall(rest[0]);
  else if (view === "limits") await poll();
  if (view !== "methods" && view !== "call") byId(view).querySelector("h2").focus();
  document.title = `${byId(view).querySelector("h2")?.textContent || "Methods"} · Bitrix24 portal`;
}

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("view").focus();
});

async function start() {
  const index = await ask("index");
  if (!index) return;
  webhook = index.webhook;
  byId("address").textContent = location.host;
  readIndex(index);
  search();
  window.addEventListener("hashchange", route);
  await route();
  if (!location.hash || location.hash === "#/") byId("search").focus();
  await poll();
  setInterval(poll, INTERVAL);
}

start();
