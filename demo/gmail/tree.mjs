// Pages as data: one description serves as text (tests, files) and as elements (the page in a browser, where Gmail's policy lets
// no script turn text into elements).

/**
 * @typedef {{ tag: string, attributes: Record<string, string>, children: Child[] }} Tree
 * @typedef {Tree | string} Child
 */

/**
 * Describes an element. Attributes that are false or undefined are left out; nested lists of children are flattened.
 * @param {string} tag
 * @param {Record<string, string | number | false | undefined>} [attributes]
 * @param {...(Child | false | undefined | (Child | false | undefined)[])} children
 * @returns {Tree}
 */
export function h(tag, attributes = {}, ...children) {
  /** @type {Record<string, string>} */
  const kept = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) kept[name] = String(value);
  }
  return { tag, attributes: kept, children: children.flat().filter((child) => child !== false && child !== undefined) };
}

const VOID = new Set(["meta", "img", "link", "br", "input", "hr"]);

/**
 * Writes a tree as HTML.
 * @param {Child} child
 * @returns {string}
 */
export function toHtml(child) {
  if (typeof child === "string") return escapeText(child);
  const attributes = Object.entries(child.attributes).map(([name, value]) => ` ${name}="${escapeText(value)}"`);
  const start = `<${child.tag}${attributes.join("")}>`;
  return VOID.has(child.tag) ? start : `${start}${child.children.map(toHtml).join("")}</${child.tag}>`;
}

/**
 * Makes a tree's elements.
 * @param {Tree} tree
 * @param {Document} document
 * @returns {HTMLElement}
 */
export function toDom(tree, document) {
  const element = document.createElement(tree.tag);
  for (const [name, value] of Object.entries(tree.attributes)) element.setAttribute(name, value);
  for (const child of tree.children) element.append(typeof child === "string" ? child : toDom(child, document));
  return element;
}

/** @param {string} text */
function escapeText(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
