// The answers as `olhar predict --csv` writes them, to the byte: no spreadsheet takes a cell for a formula.

import { best, doubt } from "./answer.js";
import { say, spoken } from "./texts.js";

const FORMULA = /^'*[=+\-@\t\r]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const CONTROL = /(\\*)([\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f])|(\\+)(?=x[0-9a-f]{2})/g;

export function guarded(text) {
  const plain = text.replace(CONTROL, (whole, before, control, slashes) =>
    control ? `${before}${before}\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}` : slashes + slashes,
  );
  return FORMULA.test(plain) && !NUMBER.test(plain) ? `'${plain}` : plain;
}

// Six digits; halves go to the even one, as in Python (a half at the seventh digit is an odd number of 128ths).
export function sixDigits(number) {
  const text = number.toFixed(6);
  const half = (number * 128) % 2 === 1;
  return half && Number(text.at(-1)) % 2 ? (Number(text) - 1e-6).toFixed(6) : text;
}

const escaped = (key) => key.replace(/[\\|]/g, "\\$&");

const written = (cells, between, ends, all) =>
  cells.map((text) => (all || RegExp(`["\\n${between}${ends}]`).test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(between) + ends;

// Rows of cells, then a row a picture that could not be read: its name, and why in the last column.
const lines = (head, rows, faults, wrong, write) => {
  const well = faults.length ? [""] : [];
  const unread = faults.map(({ name, fault }) => [guarded(name), ...head.slice(1).fill(""), guarded(fault.message)]);
  return [[...head, ...(faults.length ? [wrong] : [])], ...rows.map((row) => [...row, ...well]), ...unread].map(write).join("");
};

export function csv(answered, faults, labels) {
  const classes = labels.map((label) => label.class);
  const texts = [...classes, ...answered.map(({ name }) => name), ...faults.flatMap(({ name, fault }) => [name, fault.message])];
  const returns = texts.some((text) => text.includes("\r"));
  const sets = answered.some(({ answer }) => answer.set);
  const row = ({ name, answer }) => {
    const key = guarded(classes[best(answer)]);
    const shares = [...answer.probabilities].map(sixDigits);
    return [guarded(name), key, shares[best(answer)], ...shares, answer.answered ? key : "", answer.why, ...(sets ? [guarded(answer.set.map((i) => escaped(classes[i])).join("|"))] : [])];
  };
  const head = ["picture", "predicted", "confidence", ...classes.map((key) => guarded(`p:${key}`)), "answer", "why", ...(sets ? ["set"] : [])];
  return lines(head, answered.map(row), faults, "error", (cells) => written(cells, ",", "\n", returns));
}

// The same as `--excel` writes it: words, decimals and the mark between cells as a spreadsheet of the language takes them.
export function excel(answered, faults, labels) {
  const mark = (0.5).toLocaleString(spoken())[1];
  const shown = labels.map(({ name }) => guarded(name));
  const sets = answered.some(({ answer }) => answer.set);
  const row = ({ name, answer }) => {
    const shares = [...answer.probabilities].map((share) => sixDigits(share).replace(".", mark));
    const told = answer.answered ? shown[best(answer)] : say("do_not_know");
    return [guarded(name), told, shares[best(answer)], doubt(answer), ...(sets ? [guarded(answer.set.map((i) => labels[i].name).join(", "))] : []), ...shares];
  };
  const heads = ["column_picture", "column_answer", "column_probability", "column_doubt", ...(sets ? ["column_set"] : [])];
  const head = [...heads.map((key) => say(key)), ...shown];
  return `\ufeff${lines(head, answered.map(row), faults, say("column_error"), (cells) => written(cells, mark === "," ? ";" : ",", "\r\n"))}`;
}

export function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
