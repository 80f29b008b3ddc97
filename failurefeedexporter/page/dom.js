// Everything on the page is made here, from text and never from markup, so nothing that telemetry says can
// become a part of the page.

const svgSpace = "http://www.w3.org/2000/svg";

// Characters that would move the text around them, or that a screen reader stumbles over.
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

export function plain(text) {
  return String(text ?? "").replace(unprintable, "\ufffd");
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : plain(value));
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null).map((child) => (child instanceof Node ? child : plain(child))));
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
