// Columns side by side, by the rules of `csterms compare`: what differs, what is contested, what is counted.

/** Lays the chosen terms side by side; for one term, what each source says of it. */
function compare(state) {
  const heard = new Set(state.sources.filter((id) => sources.has(id)));
  const told = state.terms.map((id) => narrow(readTerm(id), heard));
  const bySource = told.length === 1;
  const columns = bySource ? splitBySource(told[0]) : told;
  const ids = [...aspects.keys()].filter((id) => columns.some((column) => column.rows.has(id)));
  let rows = ids.map((id) => compareUnder(aspects.get(id), columns, bySource));
  let metrics = compareMetrics(columns);
  let points = bySource ? [] : listen(together, heard).filter((each) => shareTerms(each, state.terms));
  const claims = (row) => columns.map((column) => column.rows.get(row) ?? []);
  let definitions = claims("definition");
  let broader = claims("part-of");
  if (state.differences === "only") {
    if (differ(definitions, !bySource) !== true) definitions = columns.map(() => []);
    const sets = broader.map(valuesOf).filter((each) => each.size || !bySource);
    const differs = sets.every((each) => each.size) && sets.some((each) => !equal(each, sets[0]));
    if (!differs) broader = columns.map(() => []);
    const all = bySource ? new Set(metrics.flatMap((row) => row.cells.flatMap((cell, n) => (cell ? [n] : [])))) : columns;
    const measured = bySource ? all.size : all.length;
    metrics = metrics.filter((row) => row.cells.filter(Boolean).length < measured);
    rows = rows.filter((row) => row.differs);
    points = [];
  }
  if (state.differences === "first") {
    const rank = (row) => (row.differs ? 0 : row.differs === null ? 1 : 2);
    rows.sort((one, other) => rank(one) - rank(other));
  }
  return { bySource, columns, rows, metrics, together: points, definitions, broader, term: told[0] };
}

/** Returns what each source says of one term, a column a source in the glossary's order. */
function splitBySource(term) {
  const said = [...term.rows.values(), term.metrics].flat();
  const cited = [...new Set(said.flatMap((each) => each.sources))];
  cited.sort((one, other) => sources.get(one).place - sources.get(other).place);
  return cited.map((id) => ({ ...narrow(term, new Set([id])), id, name: publisherOf(id) }));
}

function compareUnder(aspect, columns, bySource) {
  const cells = columns.map((column) => column.rows.get(aspect.id) ?? []);
  const differs = differ(cells, !bySource);
  return {
    ...aspect,
    cells,
    differs,
    contested: cells.map((claims) => isContested(aspect, claims)),
    disputed: bySource && isContested(aspect, cells.flat()),
    alike: differs === false && cells.every((claims) => claims.length),
  };
}

function compareMetrics(columns) {
  const found = new Map();
  for (const metric of columns.flatMap((column) => column.metrics)) found.set(metric.id, metric);
  const ids = [...found.keys()].sort((one, other) => metricPlaces.get(one) - metricPlaces.get(other));
  return ids.map((id) => ({
    ...found.get(id),
    cells: columns.map((column) => column.metrics.find((metric) => metric.id === id) ?? null),
  }));
}

const shareTerms = (point, ids) => point.terms.filter((id) => ids.includes(id)).length > 1;

/** Whether two sources give different values of a closed set; otherwise different words are no contradiction. */
function isContested(aspect, claims) {
  const given = claims.filter((claim) => claim.value !== null && claim.sources.length);
  const givers = new Set(given.flatMap((claim) => claim.sources));
  return aspect.closed && givers.size > 1 && new Set(given.map((claim) => claim.value)).size > 1;
}

/** Whether every column has claims, and not the same values; null where fewer than two have any. */
function differ(columns, allSpeak) {
  const said = columns.map(valuesOf);
  const filled = said.filter((values) => values.size);
  if (filled.length < 2) return null;
  return (filled.length === said.length || !allSpeak) && filled.some((values) => !equal(values, filled[0]));
}

function valuesOf(claims) {
  const values = claims.filter((claim) => claim.value !== null).map((claim) => claim.value);
  return new Set(values.length ? values : claims.map((claim) => claim.text));
}

const equal = (one, other) => one.size === other.size && [...one].every((each) => other.has(each));

/** Returns the different values, or texts, and what says each; what most sources give first. */
function rankValues(claims) {
  const found = new Map();
  for (const claim of claims) {
    const value = claim.value || claim.text || "";
    if (!found.has(value)) found.set(value, []);
    found.get(value).push(claim);
  }
  const ranked = [...found].map(([value, said]) => ({ value, said, count: countSources(said) }));
  return ranked.sort((one, other) => other.count - one.count);
}

const countSources = (said) => new Set(said.flatMap((each) => each.sources)).size;

/** Returns the metrics of one column, those that most sources give first. */
function rankMetrics(metrics, place) {
  const given = metrics.filter((metric) => metric.cells[place]);
  const counted = given.map((metric) => ({ ...metric, count: countSources([metric.cells[place]]) }));
  return counted.sort((one, other) => other.count - one.count);
}

/** Returns what the terms do together, by the terms and by value; for two terms all under no terms. */
function groupTogether(points, ids) {
  const sets = new Map();
  for (const point of points) {
    const terms = ids.length > 2 ? ids.filter((id) => point.terms.includes(id)).join(" + ") : "";
    if (!sets.has(terms)) sets.set(terms, new Map());
    const values = sets.get(terms);
    const value = point.value || point.text;
    if (!values.has(value)) values.set(value, []);
    values.get(value).push(point);
  }
  return sets;
}
