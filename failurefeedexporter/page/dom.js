// Everything on the page is made here, from text and never from markup, so nothing that telemetry says can
// become a part of the page.

const svgSpace = "http://www.w3.org/2000/svg";

// Characters that would move the text around them, that nobody sees, or that a screen reader stumbles over.
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;
// More marks on one letter than any language has reach into the lines above and below.
const heaped = /(\p{M}{4})\p{M}+/gu;

export function plain(text) {
  return String(text ?? "").replace(unprintable, "\ufffd").replace(heaped, "$1");
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : plain(value));
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false).map((child) => (child instanceof Node ? child : plain(child))));
  return element;
}

export function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function s(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, name), attributes, children);
}

// link gives a link only to where a browser may go, and the text alone otherwise.
export function link(address, text) {
  let url;
  try { url = new URL(address); } catch { return document.createTextNode(plain(text)); }
  if (url.protocol !== "https:" && url.protocol !== "http:") return document.createTextNode(plain(text));
  return h("a", { href: url.href, rel: "noreferrer noopener" }, text);
}
