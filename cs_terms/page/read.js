// What the articles say: the document is the data.

const sources = new Map(findAll("#sources > .entry").map((article, place) => [article.dataset.id, { article, place }]));
const metricPlaces = new Map(findAll("#metrics > .entry").map((article, place) => [article.dataset.id, place]));
const termLinks = findAll("#terms > .index > li > a");
const termNames = new Map(termLinks.map((a) => [a.getAttribute("href").slice("#term-".length), a.textContent]));
const aspects = new Map(
  findAll("#aspects > .entry").map((article) => [
    article.dataset.id,
    {
      id: article.dataset.id,
      name: nameOf(article),
      question: find(".question", article)?.textContent ?? "",
      key: "key" in article.dataset,
      closed: "closed" in article.dataset,
    },
  ]),
);
const together = findAll("#terms .together .c").map((node) => ({ ...readClaim(node), terms: node.dataset.terms.split(" ") }));

function nameOf(article) {
  return find("h3", article).textContent;
}

const publisherOf = (id) => {
  const article = sources.get(id).article;
  return find(".publisher", article)?.textContent ?? nameOf(article);
};

/** Reads one claim: its value, its text, the ids of its sources, and the paragraph to clone. */
function readClaim(node) {
  return {
    value: node.dataset.v ?? null,
    text: find(".t", node)?.textContent ?? null,
    sources: listSources(node),
    node,
  };
}

function listSources(node) {
  return [...new Set(findAll(".cite", node).map((cite) => cite.dataset.s))];
}

const read = new Map();

/** Reads a term, whose article is in the document: its rows, each a list of claims, and its metrics. */
function readTerm(id) {
  if (!read.has(id)) {
    const article = document.getElementById(`term-${id}`);
    const rows = new Map();
    let metrics = [];
    for (const row of findAll("[data-row]", article)) {
      if (row.dataset.row === "metrics") metrics = findAll("[data-m]", row).map(readMetric);
      else {
        const nodes = findAll(".c", row);
        // Claims stand together by value; where that is another order, each knows its place.
        nodes.sort((one, other) => (one.dataset.i ?? 0) - (other.dataset.i ?? 0));
        rows.set(row.dataset.row, nodes.map(readClaim));
      }
    }
    read.set(id, { id, name: nameOf(article), rows, metrics });
  }
  return read.get(id);
}

function readMetric(node) {
  const name = find("a", node).textContent;
  return { id: node.dataset.m, name, sources: listSources(node), node };
}

/** A metric's first abbreviation among those that these sources use; its name where there is none. */
function shorten(metric, heard) {
  const used = findAll(".abbr", document.getElementById(`metric-${metric.id}`)).find((abbreviation) => {
    const cites = abbreviation.nextElementSibling;
    return !heard?.size || !cites?.matches(".cites") || listSources(cites).some((id) => heard.has(id));
  });
  return used?.textContent ?? metric.name;
}

/** What is left of what is cited when only these sources are listened to; everything where there are none. */
function listen(said, heard) {
  if (!heard.size) return said;
  return said
    .map((each) => ({ ...each, sources: each.sources.filter((id) => heard.has(id)), heard }))
    .filter((each) => each.sources.length);
}

/** Returns a term as these sources tell it. */
function narrow(term, heard) {
  const rows = new Map();
  for (const [row, claims] of term.rows) {
    const left = listen(claims, heard);
    if (left.length) rows.set(row, left);
  }
  return { ...term, rows, metrics: listen(term.metrics, heard) };
}

/** Clones a paragraph, with the citations of those sources alone that are listened to. */
function copy(said, { headless = false } = {}) {
  const node = said.node.cloneNode(true);
  if (headless) node.querySelector(":scope > b")?.remove();
  if (said.heard) {
    for (const cite of findAll(".cite", node)) {
      if (said.heard.has(cite.dataset.s)) continue;
      if (cite.nextElementSibling?.matches("small")) cite.nextElementSibling.remove();
      cite.remove();
    }
  }
  return node;
}
