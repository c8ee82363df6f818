// Which part of the page is shown: the address decides. Then the little window that says who says so.

const main = find("#main");
const sections = findAll("main > section").map((section) => section.id);

/** Shows one section, and of its entries one alone, or its overview. */
function show(section, entry = null) {
  for (const each of findAll("main > section")) each.classList.toggle("here", each.id === section);
  for (const each of findAll(".entry.here")) each.classList.remove("here");
  find(`#${section}`).classList.toggle("one", Boolean(entry));
  entry?.classList.add("here");
  for (const a of findAll("nav a")) {
    if (a.getAttribute("href") === `#${section}`) a.setAttribute("aria-current", entry ? "true" : "page");
    else a.removeAttribute("aria-current");
  }
}

/** Goes where the address says. */
async function follow({ first = false } = {}) {
  const pairs = readAddress(location.hash);
  const [key = "", value = ""] = pairs.entries().next().value ?? [];
  closeWho();
  if (key === "compare" && find("#compare") && (value || !first)) {
    if (value) state = readState(pairs);
    show("compare");
    await showComparison();
  } else if (key === "calc" && document.getElementById(`metric-${value}`)) {
    const article = document.getElementById(`metric-${value}`);
    showEntry(article, "metrics");
    for (const input of findAll("form input", article)) input.value = pairs.get(input.name) ?? "";
    if (find("form", article)) calculate(article, { quiet: true });
  } else if (key === "search") {
    show("search");
    find("header input").value = value;
    await showHits(value);
  } else if (sections.includes(key)) {
    show(key);
    if (!first) arrive(find(`#${key} > h2`));
  } else await followEntry(key, first);
}

/** Shows the entry of an id; where there is none, what the page opens on. */
async function followEntry(id, first) {
  if (id.startsWith("term-")) await fetchTerms([id.slice("term-".length)]);
  const entry = id ? document.getElementById(id) : null;
  if (entry?.matches(".entry")) {
    showEntry(entry, entry.closest("section:not(.reading)").id);
    return;
  }
  if (id === "main") {
    main.focus();
    return;
  }
  show(main.dataset.first);
  if (main.dataset.first === "compare") {
    state = { ...state, terms: main.dataset.open.split(" ") };
    await showComparison();
  }
  if (id && !first) arrive(find(`#${main.dataset.first} > h2`));
}

function showEntry(entry, section) {
  show(section, entry);
  if (entry.dataset.kind === "metric") addCalculator(entry);
  if (entry.dataset.kind === "term") addTermLinks(entry);
  arrive(find("h3", entry));
}

/** Puts ways on from a term below its heading. */
function addTermLinks(entry) {
  if (find(".ways", entry)) return;
  const { id } = entry.dataset;
  const others = state.terms.filter((each) => each !== id).slice(0, 1);
  const ways = [
    make("a", { href: `#compare=${encode(id)}` }, "What each source says"),
    ...others.map((other) => make("a", { href: `#compare=${encode(other)},${encode(id)}` }, `Compare with ${termNames.get(other)}`)),
  ];
  find("h3", entry).after(make("p", { class: "ways" }, ...ways));
}

function arrive(heading) {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// Who says so: a citation opens it, Escape closes it. With Ctrl or the middle button the link is followed.

const who = make("div", { id: "who", popover: "auto", role: "dialog", "aria-label": "Source", tabindex: "-1" });
const closeWho = () => who.matches(":popover-open") && who.hidePopover();

function openWho(cite) {
  const id = cite.dataset.s;
  const article = sources.get(id)?.article;
  if (!article) return;
  const where = cite.nextElementSibling?.matches("small") ? cite.nextElementSibling.textContent.trim() : "";
  const facts = find(".facts", article).cloneNode(true);
  const listed = find(`#compare`) && state.terms.length;
  who.replaceChildren(
    make("p", {}, make("b", {}, nameOf(article))),
    facts,
    where ? make("p", {}, make("b", {}, "Where: "), where) : "",
    make(
      "p",
      { class: "ways" },
      link("source", id, "About this source"),
      listed ? make("a", { href: writeState({ ...state, sources: [id] }) }, "Only what it says") : "",
    ),
  );
  who.showPopover();
  const at = cite.getBoundingClientRect();
  const box = who.getBoundingClientRect();
  const below = at.bottom + 6 + box.height <= innerHeight;
  who.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.width - 8))}px`;
  who.style.top = `${Math.max(8, below ? at.bottom + 6 : at.top - box.height - 6)}px`;
  find("a", who)?.focus();
}

addEventListener("click", (event) => {
  const cite = event.target.closest?.("a.cite");
  if (!cite || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openWho(cite);
});

// On paper a comparison has its sources below it.
addEventListener("beforeprint", () => {
  for (const details of findAll(".cited")) details.open = true;
});

function addSearch() {
  const field = make("input", {
    type: "search",
    id: "words",
    autocomplete: "off",
    input: () => setSearch(field.value, location.hash.startsWith("#search=")),
  });
  const form = make("form", { role: "search", submit: (event) => event.preventDefault() }, make("label", { for: "words" }, "Search"), field);
  find("header nav").after(form);
  main.append(
    make("section", { id: "search" }, make("h2", {}, "Search"), make("p", { class: "status facts", role: "status" }), make("ol", {})),
  );
}

function setSearch(words, replace) {
  setAddress(words.trim() ? writeAddress([["search", words]]) : "#search=", { replace });
  show("search");
  showHits(words);
}

document.body.append(who);
addSearch();
if (find("#compare")) addChoices();
addEventListener("hashchange", () => follow());
follow({ first: true });
