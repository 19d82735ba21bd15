// Makes elements. Text always goes in as text, never as markup.

export const byId = id => document.getElementById(id);

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "data") {
      Object.assign(made.dataset, value);
    } else {
      made[key] = value;
    }
  }

  made.append(...children);
  return made;
}

const svgNamespace = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }

  made.append(...children);
  return made;
}

/** A symbol of icons.svg. */
export const icon = name => svg("svg", { "aria-hidden": "true" }, svg("use", { href: `/icons.svg#${encodeURIComponent(name)}` }));

const money = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP" });
const whole = new Intl.NumberFormat("en-GB");

export const price = amount => money.format(amount);
export const count = number => whole.format(number);
