// Texts cut into words, and words that are spelled alike, as `csterms search` does both.

const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]/g;
const WIDE = /([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]|[\u0e00-\u0e7f][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*)/gu;

/** Returns the words of a text, without case and accents. */
function tokens(text) {
  const bare = text.toLowerCase().normalize("NFKD").replace(ACCENTS, "").toLowerCase().replaceAll("\u00df", "ss");
  return bare.replace(WIDE, " $1 ").normalize("NFKC").match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** Returns the known words that are spelled most like one, the nearest first: at least four fifths in common. */
function findLike(word, known) {
  const near = [];
  for (const each of known) {
    const length = word.length + each.length;
    if (Math.abs(word.length - each.length) > 2 || (2 * Math.min(word.length, each.length)) / length < 0.8) continue;
    const likeness = (2 * countMatches(each, word)) / length;
    if (likeness >= 0.8) near.push([likeness, each]);
  }
  near.sort((one, other) => other[0] - one[0] || (one[1] < other[1] ? 1 : -1));
  return near.map(([, each]) => each);
}

/** Counts the letters of the longest common part, and of those before and behind it. */
function countMatches(one, other) {
  let best = { length: 0, at: 0, to: 0 };
  for (let at = 0; at < one.length; at += 1) {
    for (let to = 0; to < other.length; to += 1) {
      let length = 0;
      while (at + length < one.length && one[at + length] === other[to + length]) length += 1;
      if (length > best.length) best = { length, at, to };
    }
  }
  if (!best.length) return 0;
  const before = countMatches(one.slice(0, best.at), other.slice(0, best.to));
  return before + best.length + countMatches(one.slice(best.at + best.length), other.slice(best.to + best.length));
}
