// Fractions of whole numbers of any size, and the functions of formulas: what `csterms calc` works out, to the digit.

const MAX_BITS = 4096; // how large a number may become
const DIGITS = 12; // how many significant digits of a result are shown, where hundredths do not need more
const NUMBER = /^[-+]?(?:[0-9][0-9_]{0,29}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][-+]?[0-9]{1,2})?$/;

class NoResult extends Error {}

const abs = (value) => (value < 0n ? -value : value);

function fraction(top, bottom = 1n) {
  let [a, b] = [abs(top), abs(bottom)];
  while (b) [a, b] = [b, a % b];
  const sign = bottom < 0n ? -1n : 1n;
  return { top: (sign * top) / (a || 1n), bottom: (sign * bottom) / (a || 1n) };
}

/** Reads a decimal number exactly; undefined where the text is none. */
function parseNumber(text) {
  if (!NUMBER.test(text)) return undefined;
  const [digits, exponent = "0"] = text.replaceAll("_", "").toLowerCase().split("e");
  const [whole, decimals = ""] = digits.split(".");
  const value = BigInt(whole.replace(/^\+/, "").replace(/^(-?)$/, "$10") + decimals);
  const power = Number(exponent) - decimals.length;
  return power < 0 ? fraction(value, 10n ** BigInt(-power)) : fraction(value * 10n ** BigInt(power));
}

const bits = (value) => abs(value).toString(2).length;

function bounded(value) {
  if (bits(value.top) > MAX_BITS || bits(value.bottom) > MAX_BITS) throw new NoResult("the numbers become too large");
  return value;
}

const add = (one, other) => fraction(one.top * other.bottom + other.top * one.bottom, one.bottom * other.bottom);
const negate = (value) => ({ top: -value.top, bottom: value.bottom });
const less = (one, other) => one.top * other.bottom < other.top * one.bottom;

function divide(one, other) {
  if (!other.top) throw new NoResult("it divides by zero");
  return fraction(one.top * other.bottom, one.bottom * other.top);
}

const OPERATORS = {
  "+": add,
  "-": (one, other) => add(one, negate(other)),
  "*": (one, other) => fraction(one.top * other.top, one.bottom * other.bottom),
  "/": divide,
  "**": power,
};

function power(base, exponent) {
  if (!base.top && exponent.top < 0n) throw new NoResult("it divides by zero");
  if (exponent.bottom !== 1n) return root(base, exponent);
  const size = Math.max(bits(base.top), bits(base.bottom));
  const times = abs(exponent.top);
  if (size > 1 && BigInt(size) * times > BigInt(MAX_BITS)) throw new NoResult("the numbers become too large");
  if (size <= 1) {
    const odd = times % 2n;
    return times && (!base.top || odd) ? base : fraction(1n); // 0, 1 or -1
  }
  const raised = [base.top ** times, base.bottom ** times];
  return exponent.top < 0n ? fraction(raised[1], raised[0]) : fraction(raised[0], raised[1]);
}

// A power that is no whole number, right to 50 digits: exp(exponent * ln(base)) with 90 decimals.

const ONE = 10n ** 90n;
let lnTwo;

function root(base, exponent) {
  if (base.top < 0n) throw new NoResult("it takes a root of a negative number");
  if (!base.top) return base;
  lnTwo ??= 2n * artanh(ONE / 3n);
  let halvings = bits(base.top) - bits(base.bottom);
  const [top, bottom] = halvings < 0 ? [base.top << BigInt(-halvings), base.bottom] : [base.top, base.bottom << BigInt(halvings)];
  const near = (top * ONE) / bottom; // between a half and two
  const ln = 2n * artanh(((near - ONE) * ONE) / (near + ONE)) + BigInt(halvings) * lnTwo;
  const wanted = (ln * exponent.top) / exponent.bottom;
  halvings = wanted / lnTwo;
  if (abs(halvings) > BigInt(MAX_BITS) + 200n) throw new NoResult("the numbers become too large");
  const grown = exponential(wanted - halvings * lnTwo);
  const exact = halvings < 0n ? fraction(grown, ONE << -halvings) : fraction(grown << halvings, ONE);
  const { digits, scale } = roundTo(exact, 50);
  return scale < 0 ? fraction(digits * 10n ** BigInt(-scale)) : fraction(digits, 10n ** BigInt(scale));
}

function artanh(value) {
  const square = (value * value) / ONE;
  let [sum, term] = [0n, value];
  for (let n = 1n; term; n += 2n) {
    sum += term / n;
    term = (term * square) / ONE;
  }
  return sum;
}

function exponential(value) {
  let [sum, term] = [0n, ONE];
  for (let n = 1n; term; n += 1n) {
    sum += term;
    term = (term * value) / ONE / n;
  }
  return sum;
}

/** Rounds to so many significant digits, half to even; returns the digits and how many of them are decimals. */
function roundTo(value, count) {
  const top = abs(value.top);
  let magnitude = String(top).length - String(value.bottom).length;
  const reaches = magnitude < 0 ? top * 10n ** BigInt(-magnitude) >= value.bottom : top >= value.bottom * 10n ** BigInt(magnitude);
  if (!reaches) magnitude -= 1;
  return roundAt(value, count - 1 - magnitude);
}

/** Rounds to so many decimals, half to even. */
function roundAt(value, scale) {
  const top = scale < 0 ? abs(value.top) : abs(value.top) * 10n ** BigInt(scale);
  const bottom = scale < 0 ? value.bottom * 10n ** BigInt(-scale) : value.bottom;
  let digits = top / bottom;
  const rest = 2n * (top % bottom);
  if (rest > bottom || (rest === bottom && digits % 2n)) digits += 1n;
  return { digits: value.top < 0n ? -digits : digits, scale };
}

/** Returns the number that rounded digits stand for. */
const settle = ({ digits, scale }) => (scale < 0 ? fraction(digits * 10n ** BigInt(-scale)) : fraction(digits, 10n ** BigInt(scale)));

/** A result as it is given: whole numbers whole, others to DIGITS significant digits, and to hundredths at least. */
function rounded(value) {
  if (value.bottom === 1n) return value;
  const whole = String(abs(value.top) / value.bottom).length;
  return settle(roundTo(value, Math.max(DIGITS, whole + 2)));
}

/** Writes a number whose decimals end. */
function write(value) {
  let [scale, bottom] = [0, 1n];
  while (bottom % value.bottom) {
    scale += 1;
    bottom *= 10n;
  }
  const digits = String((abs(value.top) * bottom) / value.bottom).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return (value.top < 0n ? "-" : "") + whole + (scale ? `.${digits.slice(-scale)}` : "");
}

/** Writes a number as one would print it: to hundredths, or to three digits where it is smaller. */
function writeShort(value) {
  if (!value.top) return "0";
  const large = value.bottom === 1n || abs(value.top) >= value.bottom;
  return write(settle(large ? roundAt(value, 2) : roundTo(value, 3)));
}

const sum = (series) => series.reduce(add, fraction(0n));
const sorted = (series) => [...series].sort((one, other) => (less(one, other) ? -1 : less(other, one) ? 1 : 0));
const half = (value) => fraction(value.top, 2n * value.bottom);

const FUNCTIONS = {
  sum,
  mean: (series) => divide(sum(series), fraction(BigInt(series.length))),
  median: (series) => {
    const [ordered, middle] = [sorted(series), series.length >> 1];
    return series.length % 2 ? ordered[middle] : half(add(ordered[middle - 1], ordered[middle]));
  },
  min: (series) => sorted(series)[0],
  max: (series) => sorted(series).at(-1),
  count: (series) => fraction(BigInt(series.length)),
};

/** Works a formula out that is in reverse Polish notation. Throws NoResult. */
function evaluate(postfix, inputs) {
  const stack = [];
  for (const token of postfix.split(" ")) {
    const [name, series] = token.split(":");
    if (series) stack.push(bounded(FUNCTIONS[name](toSeries(inputs.get(series)))));
    else if (token.startsWith("=")) stack.push(toNumber(token.slice(1), inputs));
    else if (token === "neg") stack.push(negate(stack.pop()));
    else if (Object.hasOwn(OPERATORS, token)) {
      const right = stack.pop();
      stack.push(bounded(OPERATORS[token](stack.pop(), right)));
    } else stack.push(fraction(...token.split("/").map(BigInt)));
  }
  return stack.pop();
}

const toSeries = (value) => (Array.isArray(value) ? value : [value]);

function toNumber(name, inputs) {
  const value = inputs.get(name);
  if (Array.isArray(value)) throw new NoResult(`${name} is one number, got a series`);
  return value;
}
