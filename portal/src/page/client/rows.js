// Stored rows.

/** How many rows a page has. */
const PAGE = 50;

const chooseRow = arrows(byId("rows-table"), "button");

/** Shows the tables, of which one is chosen by its name. */
async function showTables(name) {
  const tables = await ask("tables");
  if (!tables) return;
  const key = (table) => JSON.stringify([table.name, table.partition]);
  const label = (table) => `${table.name}${table.partition.length ? ` (${table.partition.join(", ")})` : ""}${table.rows === null ? "" : `: ${many(table.rows, "row")}`}`;
  const before = byId("table").value;
  const chosen = tables.find((table) => name && table.name.toLowerCase() === name.toLowerCase()) || tables.find((table) => !name && key(table) === before);
  if (name && !chosen) tables.unshift({ name, partition: [], rows: null });
  const selected = chosen || tables[0];
  byId("table").replaceChildren(...tables.map((table) => el("option", { value: key(table), selected: table === selected }, label(table))));
  if (!tables.length) {
    byId("rows-shown").textContent = "No table has rows yet. Add one with a method, or start the portal with --rows crm.deal=100.";
    byId("rows-table").replaceChildren();
    return;
  }
  await showRows();
}

/** A value of a row as a short text. */
function cell(value) {
  if (value === null || value === undefined) return el("span", { class: "soft" }, value === null ? "null" : "");
  return shortened(typeof value === "string" ? value : JSON.stringify(value), 80);
}

async function showRows() {
  if (!byId("table").value) return;
  const [table, partition] = JSON.parse(byId("table").value);
  const page = Math.max(Number.parseInt(byId("rows-page").value, 10) || 1, 1);
  const asked = { table, partition: JSON.stringify(partition), text: byId("rows-text").value || undefined, start: (page - 1) * PAGE, limit: PAGE };
  const result = await ask("rows?" + query(asked));
  if (!result) return;
  const pages = Math.max(Math.ceil(result.total / PAGE), 1);
  if (page > pages) {
    byId("rows-page").value = pages;
    return showRows();
  }
  const everywhere = byId("rows-empty").checked;
  const isEmpty = (value) => value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);
  const columns = result.columns.map((name, at) => ({ name, at })).filter(({ at }) => everywhere || result.rows.some((row) => !isEmpty(row.values[at])));
  const open = (row) => {
    const fields = result.columns.map((name, at) => [name, row.values[at]]).filter(([, value]) => value !== undefined && value !== null);
    showDialog(`${table} ${row.id}`, pretty(Object.fromEntries(fields)));
  };
  const button = (row) => el("button", { type: "button", tabindex: "-1", "aria-label": `Row ${row.id}`, onclick: () => open(row) }, String(row.id));
  fillTable(byId("rows-table"), ["Row", ...columns.map((column) => column.name)],
    result.rows.map((row) => [button(row), ...columns.map((column) => cell(row.values[column.at]))]));
  if (result.rows.length) chooseRow();
  byId("rows-shown").textContent = `Page ${page} of ${pages}: ${many(result.total, "row")}${asked.text ? ` with “${asked.text}”` : ""}`;
  byId("rows-before").disabled = page <= 1;
  byId("rows-after").disabled = page >= pages;
}

function turn(pages) {
  byId("rows-page").value = (Number.parseInt(byId("rows-page").value, 10) || 1) + pages;
  showRows();
}

byId("rows-form").addEventListener("submit", (event) => {
  event.preventDefault();
  showRows();
});
byId("table").addEventListener("change", () => {
  byId("rows-page").value = 1;
  showRows();
});
byId("rows-text").addEventListener("change", () => {
  byId("rows-page").value = 1;
});
byId("rows-empty").addEventListener("change", showRows);
byId("rows-before").addEventListener("click", () => turn(-1));
byId("rows-after").addEventListener("click", () => turn(1));
