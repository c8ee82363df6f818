// The calculator in a metric's article: every reading that the inputs suffice for, and how far they lie apart.

/** Puts a calculator into a metric's article, where it has readings and none is there yet; returns its form. */
function addCalculator(article) {
  const readings = findAll(".reading", article);
  const there = find("form", article);
  if (there || !readings.length) return there;
  const fields = new Map();
  for (const item of findAll("[data-input]", article)) {
    if (!fields.has(item.dataset.input)) fields.set(item.dataset.input, makeField(item, article.dataset.id));
  }
  const form = make(
    "form",
    { class: "calculator", "aria-label": `Calculate ${nameOf(article)}`, input: () => calculate(article), submit: (event) => event.preventDefault() },
    make("h4", {}, "Calculate"),
    make("div", { class: "fields" }, ...[...fields.values()]),
    make("ul", { class: "results" }, ...readings.map(() => make("li", {}))),
    make("p", { class: "spread", role: "status" }),
    make(
      "p",
      { class: "acts" },
      make("button", { type: "button", click: () => fill(article, readings[0].dataset.example) }, "Use the published example"),
      make("button", { type: "button", click: () => fill(article, "") }, "Clear"),
      make("a", { class: "here-link", href: `#calc=${encode(article.dataset.id)}` }, "Link to this calculation"),
    ),
  );
  if (!readings[0].dataset.example) find("button", form).remove();
  find("h4", article).before(form);
  for (const reading of readings) {
    const example = reading.dataset.example;
    if (example && reading !== readings[0]) {
      reading.append(make("button", { type: "button", click: () => fill(article, example) }, "Use this example"));
    }
  }
  calculate(article, { quiet: true });
  return form;
}

function makeField(item, metric) {
  const name = item.dataset.input;
  const about = item.textContent.replace(`${name}: `, "");
  const input = make("input", { name, inputmode: "decimal", autocomplete: "off", "aria-describedby": `about-${metric}-${name}` });
  const wrong = make("span", { class: "wrong", "aria-live": "polite" });
  return make("div", {}, make("label", {}, make("code", {}, name), input), make("small", { id: `about-${metric}-${name}` }, about), wrong);
}

/** Fills the fields from an address or an example, and calculates. */
function fill(article, address) {
  const values = readAddress((address ?? "").replaceAll("+", "%2B"));
  for (const input of findAll("form input", article)) input.value = values.get(input.name) ?? "";
  calculate(article);
}

/** Works all readings out and shows what they give. */
function calculate(article, { quiet = false } = {}) {
  const inputs = new Map();
  const counts = new Set(findAll("[data-count]", article).map((item) => item.dataset.input));
  let wrong = false;
  for (const input of findAll("form input", article)) {
    const { value, problem } = parseField(input.value, counts.has(input.name));
    wrong ||= Boolean(problem);
    if (value !== undefined) inputs.set(input.name, value);
    input.setAttribute("aria-invalid", problem ? "true" : "false");
    find(".wrong", input.closest("div")).textContent = problem ?? "";
  }
  const places = findAll(".results li", article);
  const results = findAll(".reading", article).map((reading, number) => {
    const result = wrong ? { why: "an input is wrong" } : workOut(reading, article, inputs);
    showResult(places[number], find(".r", reading).textContent, result);
    return { ...result, interpretation: "interpretation" in reading.dataset };
  });
  find(".spread", article).textContent = describeSpread(results, article);
  const given = findAll("form input", article).filter((input) => input.value.trim());
  const address = writeAddress([["calc", article.dataset.id], ...given.map((input) => [input.name, input.value.trim()])]);
  find(".here-link", article).setAttribute("href", address);
  if (!quiet) setAddress(address, { replace: true });
}

/** Reads a number, or a series with commas; nothing where the field is empty. */
function parseField(text, counted) {
  if (!text.trim()) return {};
  const parts = text.split(",").map((part) => parseNumber(part.trim()));
  if (parts.includes(undefined)) return { problem: "Expected a number such as 12, -0.5 or 1e3; commas separate a series." };
  const below = counted && parts.find((part) => part.top < 0n);
  if (below) return { problem: `It is a number of things, and ${write(below)} is below 0.` };
  return { value: parts.length > 1 ? parts : parts[0] };
}

/** Returns what one reading gives: a value, the inputs it needs, or why it has no result. */
function workOut(reading, article, inputs) {
  const names = [...new Set(findAll("[data-input]", reading).map((item) => item.dataset.input))];
  const needs = names.filter((name) => !inputs.has(name));
  if (needs.length) return { needs };
  try {
    const value = evaluate(reading.dataset.postfix, inputs);
    const out = findOutside(value, reading.dataset.range ?? article.dataset.range);
    if (out) return { why: `${write(rounded(value))} is ${out}; the inputs cannot all be right` };
    return { value: rounded(value), unit: reading.dataset.unit ?? "" };
  } catch (error) {
    if (error instanceof NoResult) return { why: error.message };
    throw error;
  }
}

function findOutside(value, range) {
  const [low, high] = (range ?? "- -").split(" ").map((end) => (end === "-" ? undefined : parseNumber(end)));
  if (low && less(value, low)) return `below ${write(low)}`;
  return high && less(high, value) ? `above ${write(high)}` : "";
}

function showResult(place, reading, result) {
  const said = result.value
    ? make("data", { value: write(result.value) }, `${writeShort(result.value)} ${result.unit}`.trim())
    : make("span", { class: "facts" }, result.why ? `no result: ${result.why}` : `needs ${result.needs.join(", ")}`);
  place.replaceChildren(make("span", {}, reading), " ", said);
}

/** Says how far the results in the metric's unit lie apart; interpretations are left out. */
function describeSpread(results, article) {
  const unit = article.dataset.unit ?? "";
  const given = results.filter((result) => result.value);
  const alike = given.filter((result) => result.unit === unit && !result.interpretation).map((result) => result.value);
  if (alike.length < 2) return "";
  const [low, high] = [sorted(alike)[0], sorted(alike).at(-1)];
  const left = [
    ...(given.some((result) => result.unit !== unit) ? ["other units"] : []),
    ...(given.some((result) => result.interpretation) ? ["interpretations"] : []),
  ];
  const aside = left.length ? ` (${left.join(" and ")} left out)` : "";
  const behind = unit ? ` ${unit}` : "";
  if (writeShort(low) === writeShort(high)) return `Spread: all give ${writeShort(low)}${behind}${aside}`;
  const apart = writeShort(add(high, negate(low)));
  return `Spread: from ${writeShort(low)} to ${writeShort(high)}${behind}, ${apart} apart${aside}`;
}
