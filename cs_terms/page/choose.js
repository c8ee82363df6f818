// The choices above a comparison: terms, depth, differences, sources, rows. The address holds them all.

const FEW = 12; // up to how many things are listed as boxes to tick; beyond that they are found by name
const DEPTHS = { first: "At first sight", values: "Every row", full: "Everything" };
const DIFFERENCES = { "": "All rows", first: "Differences first", only: "Only differences" };
const OTHER_ROWS = { definition: "Definition", "part-of": "Part of", metrics: "Measured by", together: "Together" };

let state = { terms: [], rows: [], sources: [], depth: "first", differences: "", places: false };

/** Reads a comparison from an address; what is not on this page is left out. */
function readState(pairs) {
  const shown = split(pairs.get("show"));
  const known = (list, has) => [...new Set(split(list))].filter(has);
  return {
    terms: known(pairs.get("compare"), (id) => termNames.has(id)),
    rows: known(pairs.get("rows"), (id) => aspects.has(id) || Object.hasOwn(OTHER_ROWS, id)),
    sources: known(pairs.get("source"), (id) => sources.has(id)),
    depth: shown.find((word) => word in DEPTHS) ?? "first",
    differences: shown.includes("differences") ? "only" : shown.includes("differences-first") ? "first" : "",
    places: shown.includes("places"),
  };
}

function writeState({ terms, rows, sources: heard, depth, differences, places }) {
  const shown = [
    depth === "first" ? "" : depth,
    differences === "only" ? "differences" : differences === "first" ? "differences-first" : "",
    places ? "places" : "",
  ];
  return writeAddress([
    ["compare", terms.join(",")],
    ["rows", rows.join(",")],
    ["show", shown.filter(Boolean).join(",")],
    ["source", heard.join(",")],
  ]);
}

/** Takes a choice over, shows it, and keeps it in the address. */
async function choose(changes) {
  state = { ...state, ...changes };
  setAddress(state.terms.length ? writeState(state) : "#compare");
  await showComparison();
}

/** Shows the comparison that is chosen, and the choices as they are. */
async function showComparison() {
  await fetchTerms(state.terms);
  const section = find("#compare");
  const place = find(".comparison", section);
  document.body.classList.toggle("places", state.places);
  refreshChoices();
  if (!state.terms.length) {
    place.replaceChildren(make("p", {}, "Choose two terms to compare, or one to see what each source says of it."));
    return;
  }
  const comparison = compare(state);
  const { table, shown, hidden } = draw(comparison, state);
  if (!table) {
    find("#compare .status").textContent = "";
    place.replaceChildren(make("p", {}, state.differences === "only" ? "They differ in no row that all of them have." : "Nothing is said."));
    return;
  }
  const box = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Comparison" }, table);
  place.replaceChildren(box, ...describeComparison(comparison, shown, hidden), ...listCited(table));
}

function describeComparison(comparison, shown, hidden) {
  const contested = comparison.rows.filter((row) => row.disputed || row.contested.includes(true)).length;
  const cited = countSources([...comparison.columns.flatMap((column) => [...column.rows.values(), column.metrics].flat()), ...comparison.together]);
  const rows = `${plural(shown, "row")}, ${contested ? `${contested} contested` : "none contested"}. `;
  const counts = comparison.bySource ? "Blank: the source does not say. " : `(n) of ${plural(cited, "source")} ${cited === 1 ? "says" : "say"} so; blank: none does. `;
  find("#compare .status").textContent = rows.trim();
  const all = () => choose(state.rows.length ? { rows: [] } : { depth: "full" });
  const more = hidden > 0 && state.differences !== "only" ? make("button", { type: "button", click: all }, `Show ${plural(hidden, "more row")}`) : null;
  return [make("p", { class: "facts" }, counts, more)];
}

/** Lists the sources that a table cites, for whoever reads it on paper. */
function listCited(table) {
  const ids = listSources(table).sort((one, other) => sources.get(one).place - sources.get(other).place);
  if (!ids.length) return [];
  const items = ids.map((id) => {
    const article = sources.get(id).article;
    const facts = find(".facts", article).cloneNode(true);
    return make("li", {}, make("b", {}, publisherOf(id)), `, “${nameOf(article)}”. `, ...facts.childNodes);
  });
  return [make("details", { class: "cited" }, make("summary", {}, `${plural(ids.length, "source")} cited`), make("ul", {}, ...items))];
}

// The choices themselves

const refreshers = [];

function refreshChoices() {
  for (const refresh of refreshers) refresh();
}

/** Puts the choices above the comparison. */
function addChoices() {
  const section = find("#compare");
  const cited = new Set(findAll("#terms > .entry .cite, #terms .together .cite").map((cite) => cite.dataset.s));
  const heard = [...sources.keys()].filter((id) => !cited.size || cited.has(id)).map((id) => [id, publisherOf(id)]);
  const rows = [...[...aspects.values()].map(({ id, name }) => [id, name]), ...Object.entries(OTHER_ROWS)];
  const form = make(
    "form",
    { class: "choices", "aria-label": "What to compare", submit: (event) => event.preventDefault() },
    addPicker("Terms", "terms", [...termNames], "One term: what each source says of it."),
    make(
      "details",
      { class: "drawer", open: innerWidth > 768 },
      make("summary", {}, "How to show them"),
      make(
        "div",
        { class: "line" },
        addRadios("Show", "depth", DEPTHS),
        addRadios("Order", "differences", DIFFERENCES),
        addBox("Places in the sources", () => state.places, (places) => choose({ places })),
        addDrawer("Sources", "sources", heard, "Only what these say; all if none is ticked."),
        addDrawer("Rows", "rows", rows, "Only these rows, in full; all if none is ticked."),
      ),
    ),
  );
  const status = make("p", { class: "status facts", role: "status" });
  const place = make("div", { class: "comparison" });
  place.append(...[...section.children].slice(1));
  section.append(form, status, place);
}

function addDrawer(heading, key, options, about) {
  const summary = make("summary", {});
  refreshers.push(() => summary.replaceChildren(`${heading}: ${state[key].length || "all"}`));
  return make("details", { class: "drawer" }, summary, addPicker(heading, key, options, about));
}

/** Returns boxes for these options, or a field to find them by name and a button to take each off again. */
function addPicker(heading, key, options, about) {
  const toggle = (id, on) => choose({ [key]: on ? [...state[key].filter((each) => each !== id), id] : state[key].filter((each) => each !== id) });
  const group = make("fieldset", {}, make("legend", {}, heading));
  if (options.length <= FEW || key === "rows") {
    for (const [id, name] of options) group.append(addBox(name, () => state[key].includes(id), (on) => toggle(id, on)));
  } else group.append(...addFinder(heading, key, options, toggle));
  group.append(make("small", {}, about));
  return group;
}

function addFinder(heading, key, options, toggle) {
  const names = new Map(options);
  const chosen = make("span", { class: "chosen" });
  const list = make("datalist", { id: `list-${key}` });
  const offer = (text) => {
    const words = tokens(text);
    const near = options.filter(([, name]) => words.every((word) => name.toLowerCase().includes(word))).slice(0, 20);
    list.replaceChildren(...near.map(([, name]) => make("option", { value: name })));
  };
  const take = (field) => {
    const found = options.find(([id, name]) => name === field.value || id === field.value);
    if (!found) return;
    field.value = "";
    toggle(found[0], true);
  };
  const field = make("input", {
    list: `list-${key}`,
    "aria-label": `Add to ${heading.toLowerCase()}`,
    placeholder: "Type a name",
    autocomplete: "off",
    input: () => (offer(field.value), take(field)),
    change: () => take(field),
  });
  refreshers.push(() =>
    chosen.replaceChildren(
      ...state[key].map((id) => make("button", { type: "button", "aria-label": `Remove ${names.get(id)}`, click: () => toggle(id, false) }, `${names.get(id)} ×`)),
    ),
  );
  return [chosen, field, list];
}

function addBox(name, get, set) {
  const box = make("input", { type: "checkbox", change: () => set(box.checked) });
  refreshers.push(() => (box.checked = get()));
  return make("label", {}, box, name);
}

function addRadios(heading, key, options) {
  const buttons = Object.entries(options).map(([value, name]) => {
    const radio = make("input", { type: "radio", name: key, change: () => choose({ [key]: value }) });
    refreshers.push(() => (radio.checked = state[key] === value));
    return make("label", {}, radio, name);
  });
  return make("fieldset", { class: "radios" }, make("legend", {}, heading), ...buttons);
}
