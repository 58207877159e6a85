// The answers as `olhar predict --excel` writes them, to the byte: no spreadsheet takes a cell for a formula.

import { best, doubt, named } from "./answer.js";
import { say, spoken } from "./texts.js";

const FORMULA = /^'*[=+\-@\t\r]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const CONTROL = /(\\*)([\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f])|(\\+)(?=x[0-9a-f]{2})/g;

function guarded(text) {
  const plain = text.replace(CONTROL, (whole, before, control, slashes) =>
    control ? `${before}${before}\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}` : slashes + slashes,
  );
  return FORMULA.test(plain) && !NUMBER.test(plain) ? `'${plain}` : plain;
}

// Six digits; halves go to the even one, as in Python (a half at the seventh digit is an odd number of 128ths).
function sixDigits(number) {
  const text = number.toFixed(6);
  return (number * 128) % 2 === 1 && Number(text.at(-1)) % 2 ? (Number(text) - 1e-6).toFixed(6) : text;
}

// Where decimals have commas, spreadsheets want `;` between cells, and they read UTF-8 by its mark in front alone.
export function csv(items, labels) {
  const mark = (0.5).toLocaleString(spoken())[1];
  const names = labels.map(({ name }) => name);
  const sets = items.some(({ answer }) => answer?.set) ? ["head_set"] : [];
  const head = ["head_picture", "head_answer", "head_probability", "head_note", ...sets].map((key) => say(key)).concat(names);
  const row = ({ name, answer, fault }) => {
    if (fault) return Object.assign(head.map(() => ""), [name, "", "", fault.message]);
    const shares = Array.from(answer.probabilities, (share) => sixDigits(share).replace(".", mark));
    return [name, named(answer, labels), shares[best(answer)], doubt(answer), ...sets.map(() => answer.set.map((i) => names[i]).join(", ")), ...shares];
  };
  const rows = (kind) => items.filter((item) => item[kind]).map(row);
  const cell = (text) => `"${guarded(text).replaceAll('"', '""')}"`;
  const line = (cells) => `${cells.map(cell).join(mark === "," ? ";" : ",")}\r\n`;
  return `\ufeff${[head, ...rows("answer"), ...rows("fault")].map(line).join("")}`;
}

export function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
