// Elements, the address, and the articles that are packed in very large pages.

const find = (selector, within = document) => within.querySelector(selector);
const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Makes an element. Texts among the parts stay texts; a property that is a function listens to the event of its name. */
function make(name, properties = {}, ...parts) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...parts.filter((part) => part !== null && part !== undefined));
  return made;
}

/** Reads what stands behind # as pairs: compare=a,b&rows=c. What cannot be decoded is taken as it is. */
function readAddress(hash) {
  const pairs = new Map();
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [key, ...rest] = part.split("=");
    if (key) pairs.set(decode(key), decode(rest.join("=")));
  }
  return pairs;
}

function decode(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** Writes pairs as an address; commas in values stay readable. */
function writeAddress(pairs) {
  const parts = pairs.filter(([, value]) => value !== "").map(([key, value]) => `${encode(key)}=${encode(value)}`);
  return `#${parts.join("&")}`;
}

const encode = (text) => encodeURIComponent(text).replaceAll("%2C", ",").replaceAll("%20", "+");

/** Shows an address without going anywhere: the view is there already. */
function setAddress(hash, { replace = false } = {}) {
  if (location.hash === hash) return;
  try {
    history[replace ? "replaceState" : "pushState"](null, "", hash);
  } catch {
    // A viewer that shows the page in a frame of its own may keep the address for itself.
  }
}

const split = (list) => (list ? list.split(",").filter(Boolean) : []);
const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

// In a very large page the articles of terms are compressed, a hundred at a time, and unpacked when one is asked for.

const blocks = new Map();
for (const block of findAll("script[data-block]")) {
  for (const id of block.dataset.block.split(" ")) blocks.set(id, block);
}
const unpacked = new Map();

function unpack(block) {
  if (!unpacked.has(block)) unpacked.set(block, inflate(block.textContent).then((text) => text.split("\n")));
  return unpacked.get(block);
}

async function inflate(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}

/** Puts the articles of these terms into the document, where they are not yet. */
async function fetchTerms(ids) {
  for (const id of ids) {
    const block = blocks.get(id);
    if (!block || document.getElementById(`term-${id}`)) continue;
    const lines = await unpack(block);
    const place = block.dataset.block.split(" ").indexOf(id);
    if (!document.getElementById(`term-${id}`)) find("#terms").append(build(lines[2 * place]));
  }
}

/** Builds the elements that a line of the page's own HTML describes; nothing but these elements and attributes. */
function build(line) {
  const tags = new Set(["article", "h3", "p", "dl", "div", "dt", "dd", "a", "b", "em", "span", "small"]);
  const attributes = new Set(["id", "class", "href", "rel"]);
  const root = document.createDocumentFragment();
  let at = root;
  for (const [, end, tag, given, text] of line.matchAll(/<(\/?)([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>|([^<]+)/g)) {
    if (text) at.append(unescape(text));
    else if (end) at = at.parentNode;
    else if (tags.has(tag)) {
      const made = make(tag);
      for (const [, key, value] of given.matchAll(/ ([a-z-]+)="([^"]*)"/g)) {
        if (attributes.has(key) || key.startsWith("data-")) made.setAttribute(key, unescape(value));
      }
      at.append(made);
      at = made;
    }
  }
  return root;
}

function unescape(text) {
  const letters = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&" };
  return text.replace(/&(?:lt|gt|quot|#x27|amp);/g, (escaped) => letters[escaped]);
}
