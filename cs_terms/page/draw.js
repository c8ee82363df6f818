// The table of a comparison, at first sight or in full, made of the articles' own paragraphs.

const FIRST = 3; // how many values of a cell stand at first sight, where they are no closed set
const FIRST_METRICS = 6;

/** Draws a comparison at the depth that is chosen; returns the table and how many of its rows are shown. */
function draw(comparison, state) {
  const open = state.depth === "full" || (state.depth === "first" && state.rows.length > 0);
  const first = state.depth === "first" && !state.rows.length;
  const look = { first, open, counted: !comparison.bySource };
  const keys = comparison.rows.filter((row) => row.key);
  const shownFirst = keys.length ? keys : comparison.rows;
  const others = comparison.rows.filter((row) => !shownFirst.includes(row));
  let order = ["definition", ...shownFirst, "part-of", ...others, "metrics", "together"];
  if (state.differences === "first") order = ["definition", ...comparison.rows, "part-of", "metrics", "together"];
  const partOf = state.differences === "only" ? ["part-of"] : [];
  if (first) order = ["definition", ...pickFirst(comparison, state, shownFirst), ...partOf, "metrics", "together"];
  if (state.rows.length) {
    order = state.rows.map((id) => comparison.rows.find((row) => row.id === id) ?? (aspects.has(id) ? null : id)).filter(Boolean);
  }
  const rows = order.flatMap((row) => (typeof row === "string" ? drawOther(row, comparison, look, state) : [drawAspect(row, look)]));
  const heads = comparison.columns.map((column) =>
    make("th", { scope: "col", role: "columnheader" }, link(comparison.bySource ? "source" : "term", column.id, column.name)),
  );
  const names = comparison.columns.map((column) => column.name);
  const table = make(
    "table",
    { class: first ? "side first" : "side", role: "table" },
    make("caption", { class: comparison.bySource ? "told" : null }, comparison.bySource ? `${comparison.term.name}, as each source describes it` : names.join(" and ")),
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, make("td", { role: "cell" }), ...heads)),
    make("tbody", { role: "rowgroup" }, ...rows),
  );
  table.style.setProperty("--columns", heads.length);
  const aspectsShown = order.filter((row) => typeof row !== "string").length;
  return { table: rows.length ? table : null, shown: aspectsShown, hidden: comparison.rows.length - aspectsShown };
}

/** The rows at first sight: those of key questions, or all that differ where only those are wanted. */
function pickFirst(comparison, state, keys) {
  if (state.differences === "first") return comparison.rows.filter((row) => keys.includes(row));
  if (state.differences !== "only") return keys;
  const silent = (row) => !row.cells.flat().some((claim) => claim.value);
  return [...comparison.rows].sort((one, other) => silent(one) - silent(other));
}

function drawOther(row, comparison, look, state) {
  if (row === "definition" && comparison.definitions.some((claims) => claims.length)) {
    const cells = comparison.definitions.map((claims) => (look.first ? drawDefinition(claims) : drawClaims(claims, look)));
    return [drawRow(look.first ? "In short" : "Definition", "", cells)];
  }
  if (row === "part-of" && comparison.broader.some((claims) => claims.length)) {
    return [drawRow("Part of", "", comparison.broader.map((claims) => claims.map((claim) => copy(claim))))];
  }
  if (row === "metrics" && comparison.metrics.length) {
    return look.first ? [drawMetrics(comparison, look, state)] : comparison.metrics.map((metric) => drawMetric(metric));
  }
  return row === "together" ? drawTogether(comparison, look, state) : [];
}

function drawDefinition(claims) {
  return fold(claims.map((claim) => copy(claim)), claims.length ? 1 : 0);
}

function drawAspect(row, look) {
  const cells = row.cells.map((claims, place) => {
    const drawn = drawClaims(claims, look, row.closed);
    return row.contested[place] ? [mark(`contested, ${rankValues(claims).length} positions`), ...drawn] : drawn;
  });
  const marks = [row.disputed ? mark("contested", "span") : null, row.alike && !row.disputed ? make("span", { class: "alike" }, "alike") : null];
  const drawn = drawRow(row.name, row.question, cells, { marks, contested: row.contested });
  if (row.alike) drawn.classList.add("same");
  return drawn;
}

/** Draws claims by value, each value opening to its sentences; sentences without a value stand by themselves. */
function drawClaims(claims, look, closed = false) {
  if (claims.length && claims.every((claim) => claim.value === null) && !look.first) return claims.map((claim) => copy(claim));
  const values = rankValues(claims).map((each) => drawValue(each, look));
  return fold(values, closed || !look.first ? values.length : FIRST);
}

function drawValue({ value, said, count }, look) {
  const counted = look.counted && count ? [" ", make("span", { class: "n" }, `(${count})`)] : [];
  const summary = make("summary", {}, make("b", {}, value), ...counted);
  return make("details", { open: look.open }, summary, ...said.map((claim) => copy(claim, { headless: true })));
}

function drawMetrics(comparison, look, state) {
  const cells = comparison.columns.map((_, place) => {
    const items = rankMetrics(comparison.metrics, place).map((metric) =>
      make(
        "span",
        { class: "m" },
        make("a", { href: `#metric-${metric.id}`, title: metric.name }, shorten(metric, new Set(state.sources))),
        look.counted && metric.count ? ` (${metric.count})` : "",
      ),
    );
    return fold(items, FIRST_METRICS);
  });
  return drawRow(state.differences === "only" ? "Measured by, not shared" : "Measured by", "", cells);
}

function drawMetric(metric) {
  const cells = metric.cells.map((given) => {
    if (!given) return [];
    const node = copy(given);
    find("a", node).replaceWith(make("b", {}, "yes"));
    return [node];
  });
  const shared = metric.cells.filter(Boolean).length > 1;
  return drawRow(link("metric", metric.id, metric.name), "", cells, { marks: [shared ? make("span", { class: "alike" }, "shared") : null] });
}

function drawTogether(comparison, look, state) {
  const span = String(comparison.columns.length);
  return [...groupTogether(comparison.together, state.terms)].map(([terms, points], number) => {
    const values = [...points].map(([value, said]) => drawValue({ value, said, count: 0 }, look));
    const named = terms ? [make("p", { class: "facts" }, `${terms}:`)] : [];
    const drawn = drawRow(number ? "" : "Together", "", [[...named, ...fold(values, look.first ? FIRST : values.length)]]);
    drawn.lastChild.setAttribute("colspan", span);
    return drawn;
  });
}

function drawRow(name, question, cells, { marks = [], contested = [] } = {}) {
  const about = question ? make("small", {}, question) : null;
  const head = make("th", { scope: "row", role: "rowheader" }, name, about, ...marks);
  const drawn = cells.map((parts, place) => make("td", { role: "cell", class: contested[place] ? "contested" : null }, ...parts));
  return make("tr", { role: "row" }, head, ...drawn);
}

/** Returns the first items, and the others behind their count. */
function fold(items, shown) {
  const rest = items.slice(shown);
  const more = rest.length ? [make("details", { class: "more" }, make("summary", {}, `${rest.length} more`), ...rest)] : [];
  return [...items.slice(0, shown), ...more];
}

const mark = (text, tag = "p") => make(tag, { class: "mark" }, text);
const link = (kind, id, text) => make("a", { href: `#${kind}-${id}` }, text);
