// The few marks of a model card as elements: headings, lists, tables, bold words. Whatever else stands there stays text.

import { element } from "./parts.js";

const unescaped = (text) => text.replace(/\\([\\`*_{}[\]()#+\-.!|<>&~])/g, "$1");

function words(text) {
  const parts = text.split(/\*\*((?:\\.|[^*])+)\*\*/);
  return parts.map((part, i) => (i % 2 ? element("strong", unescaped(part)) : document.createTextNode(unescaped(part))));
}

const filled = (name, text) => element(name, "", ...words(text));
const cells = (line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim());

function table(lines) {
  const row = (line, name) => element("tr", "", ...cells(line).map((cell) => filled(name, cell)));
  const [head, , ...body] = lines;
  const rows = element("tbody", "", ...body.map((line) => row(line, "td")));
  const whole = element("div", "", element("table", "", element("thead", "", row(head, "th")), rows));
  whole.className = "wide";
  whole.tabIndex = 0;
  return whole;
}

function block(text) {
  const lines = text.split("\n");
  const heading = /^(#+) (.*)/.exec(text);
  if (heading) return filled(heading[1].length < 3 ? "h3" : "h4", heading[2]);
  if (lines.every((line) => line.startsWith("- "))) return element("ul", "", ...lines.map((line) => filled("li", line.slice(2))));
  if (lines.length > 2 && lines.every((line) => line.startsWith("|"))) return table(lines);
  return filled("p", text);
}

// Elements of a Markdown text, without its title.
export function ofMarkdown(text) {
  return text.split(/\n{2,}/).map((part) => part.trim()).filter((part) => part && !part.startsWith("# ")).map(block);
}
