// Search as one types, over names, abbreviations, synonyms and texts, ranked as the command ranks.

const WHERE = { name: 4, abbreviation: 3, synonym: 2, id: 1, text: 1 };
const KINDS = ["term", "metric", "aspect", "source"];
const TEXTS = {
  term: "[data-row]:not([data-row=part-of]) .c, .note",
  metric: ":scope > .c, .note, .pitfalls, .r, .meaning",
  aspect: ".question, .val, .note",
  source: "h3, .publisher, .url, .date, .note",
};
const MOST = 100; // how many hits are listed

let searched;

/** Returns what of every entry is searched; worked out once. */
function listSearched() {
  searched ??= readSearched();
  return searched;
}

async function readSearched() {
  const packed = [];
  for (const block of new Set(blocks.values())) {
    const lines = await unpack(block);
    for (let line = 1; line < lines.length; line += 2) packed.push(readPacked(JSON.parse(lines[line])));
  }
  const articles = findAll("main .entry").filter((article) => !blocks.has(article.dataset.id) || article.dataset.kind !== "term");
  return [...packed, ...articles.map(readArticle)];
}

function readPacked([id, name, abbreviations, synonyms, texts]) {
  return describe("term", id, name, abbreviations, synonyms, texts);
}

function readArticle(article) {
  const { kind, id, unit } = article.dataset;
  const list = (selector) => findAll(selector, article).map((node) => node.textContent);
  const texts = findAll(TEXTS[kind], article).map((node) =>
    node.matches(".c")
      ? [node.dataset.v, find(".t", node)?.textContent].filter(Boolean).join(": ")
      : node.textContent.replace(/^Note: /, ""),
  );
  if (unit) texts.push(unit);
  return describe(kind, id, nameOf(article), list(".abbr"), list(".also"), texts);
}

function describe(kind, id, name, abbreviations, synonyms, texts) {
  const parts = [
    [kind === "source" ? "id" : "name", kind === "source" ? id : `${id} ${name}`],
    ...abbreviations.map((text) => ["abbreviation", text]),
    ...synonyms.map((text) => ["synonym", text]),
    ...texts.map((text) => ["text", text]),
  ];
  return { kind, id, name, parts: parts.map(([where, text]) => ({ where, text, words: tokens(text) })) };
}

const holds = (part, words) => words.every((word) => part.words.some((each) => each.startsWith(word)));
const count = (words) => words.reduce((sum, word) => sum + word.length, 0);

/** Returns where the words stand in an entry, or null. */
function findHit(entry, words) {
  let best = null;
  for (const part of entry.parts) {
    if (!holds(part, words)) continue;
    const score = WHERE[part.where] + 0.99 * Math.min(1, count(words) / Math.max(1, count(part.words)));
    if (!best || score > best.score) best = { entry, score, matched: describePart(entry, part) };
  }
  if (best) return best;
  const spread = words.map((word) => entry.parts.find((part) => holds(part, [word])));
  if (spread.includes(undefined)) return null;
  return { entry, score: 0.5, matched: [...new Set(spread)].map((part) => describePart(entry, part)).join("; ") };
}

const describePart = (entry, part) => `${part.where}: ${part.where === "name" ? entry.name : part.text}`;

/** Returns the hits for a text, the nearest first, and the words that were taken for misspelled. */
async function search(text) {
  const entries = await listSearched();
  const words = tokens(text);
  if (!words.length) return { hits: [], corrected: new Map() };
  let hits = findHits(entries, words);
  const corrected = new Map();
  if (!hits.length) {
    const known = new Set(entries.flatMap((entry) => entry.parts.flatMap((part) => part.words)));
    for (const word of words) {
      if (word.length < 3 || [...known].some((each) => each.startsWith(word))) continue;
      const [near] = findLike(word, known);
      if (near) corrected.set(word, near);
    }
    if (corrected.size) hits = findHits(entries, words.map((word) => corrected.get(word) ?? word));
  }
  return { hits, corrected };
}

function findHits(entries, words) {
  const hits = entries.map((entry) => findHit(entry, words)).filter(Boolean);
  const rank = (hit) => [hit.entry.kind === "source" ? 1 : 0, -Math.round(hit.score * 1000), KINDS.indexOf(hit.entry.kind)];
  return hits
    .map((hit) => ({ hit, rank: rank(hit) }))
    .sort((one, other) => one.rank[0] - other.rank[0] || one.rank[1] - other.rank[1] || one.rank[2] - other.rank[2])
    .map(({ hit }) => hit);
}

let asked = 0;

/** Shows the hits for a text, unless another text has been asked for meanwhile. */
async function showHits(text) {
  const number = (asked += 1);
  const { hits, corrected } = await search(text);
  if (number !== asked) return;
  const items = hits.slice(0, MOST).map(({ entry, matched }) =>
    make(
      "li",
      {},
      link(entry.kind, entry.id, entry.name),
      make("span", { class: "kind" }, ` ${entry.kind}`),
      matched === `name: ${entry.name}` ? null : make("p", {}, matched),
    ),
  );
  const instead = [...corrected].map(([word, used]) => `Nothing has “${word}” in it; searched for “${used}”. `).join("");
  const found = tokens(text).length ? `${plural(hits.length, "entry").replace("entrys", "entries")} found.` : "Type a word, or the beginning of one.";
  const cut = hits.length > MOST ? ` The first ${MOST} are listed.` : "";
  find("#search .status").textContent = instead + found + cut;
  find("#search ol").replaceChildren(...items);
}
