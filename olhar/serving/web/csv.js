// The answers as `olhar predict --csv` writes them, to the byte: no spreadsheet takes a cell for a formula.

import { best } from "./answer.js";

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

export function csv(answered, labels) {
  const classes = labels.map((label) => label.class);
  const returns = [...classes, ...answered.map(({ name }) => name)].some((text) => text.includes("\r"));
  const cell = (text) => (returns || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (cells) => `${cells.map(cell).join(",")}\n`;
  const sets = answered.some(({ answer }) => answer.set);
  const row = ({ name, answer }) => {
    const key = guarded(classes[best(answer)]);
    const shares = [...answer.probabilities].map(sixDigits);
    return line([guarded(name), key, shares[best(answer)], ...shares, answer.answered ? key : "", answer.why, ...(sets ? [guarded(answer.set.map((i) => escaped(classes[i])).join("|"))] : [])]);
  };
  const head = ["picture", "predicted", "confidence", ...classes.map((key) => guarded(`p:${key}`)), "answer", "why", ...(sets ? ["set"] : [])];
  return line(head) + answered.map(row).join("");
}

export function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
