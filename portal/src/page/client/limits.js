// The bucket as a live plot, and operating time.

/** How often the portal is asked, in milliseconds, and how many samples the plot has: a minute. */
const INTERVAL = 500;
const SAMPLES = 120;

const samples = [];
const SVG = "http://www.w3.org/2000/svg";
const lines = {};
for (const name of ["bucket", "rate"]) {
  lines[name] = document.createElementNS(SVG, "polyline");
  lines[name].setAttribute("class", name);
  byId("plot").append(lines[name]);
}

let polling = false;

async function poll() {
  if (polling || document.hidden) return;
  polling = true;
  const live = await ask("live");
  polling = false;
  if (!live) return;
  byId("count").textContent = live.calls;
  const now = performance.now();
  const last = samples[samples.length - 1];
  const seconds = last ? (now - last.at) / 1000 : 0;
  const rate = seconds > 0.05 ? Math.max(live.calls - last.calls, 0) / seconds : last?.rate || 0;
  samples.push({ at: now, calls: live.calls, level: live.bucket?.level || 0, rate });
  if (samples.length > SAMPLES) samples.shift();
  callsChanged(live.calls);
  if (!byId("limits").hidden) draw(live);
}

function draw(live) {
  const highest = (values, least) => Math.max(least, ...values);
  const plotted = (values, most) => values.map((value, at) => `${(600 * (SAMPLES - values.length + at)) / (SAMPLES - 1)},${(196 - (190 * value) / most).toFixed(1)}`).join(" ");
  const levels = samples.map((sample) => sample.level);
  const rates = samples.map((sample) => sample.rate);
  lines.bucket.setAttribute("points", live.bucket ? plotted(levels, highest(levels, live.bucket.burst)) : "");
  lines.rate.setAttribute("points", plotted(rates, highest(rates, 10)));
  const rate = `${rates[rates.length - 1].toFixed(1)} calls per second, at most ${Math.max(...rates).toFixed(1)}`;
  const top = `${highest(rates, 10).toFixed(0)} calls per second`;
  byId("plot-top").textContent = `The top of the plot: ${live.bucket ? `${live.bucket.burst} requests, ` : ""}${top}. Its width: a minute.`;
  byId("plot-now").textContent = live.bucket ? `${live.bucket.level.toFixed(1)} of ${live.bucket.burst} requests in the bucket; ${rate}` : rate;
  byId("limits-text").textContent = live.bucket
    ? `The plan accepts ${live.bucket.burst} requests at once and ${live.bucket.per_second} per second over time, for each address.${live.bucket.address ? ` The fullest bucket is that of ${live.bucket.address}.` : ""}`
    : "The portal has no limits. Start it with --plan Basic or --plan Enterprise to have those of a plan.";
  fillTable(byId("operating"), ["Method", "Seconds of the last ten minutes"], live.operating.map(([method, time]) => [method, time.toFixed(3)]));
}

document.addEventListener("visibilitychange", poll);
