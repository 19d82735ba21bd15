// The list of products, and the window that shows one of them.

import { get } from "../api.js";
import { byId, count, element, icon, price } from "../elements.js";
import { addToBasket } from "./basket.js";
import { say } from "./toast.js";

const shades = 6;
let search = "";
let shown = 0;

export async function showProducts(text) {
  search = text;
  shown = 0;
  byId("products").replaceChildren();
  await showMore();
}

export async function showMore() {
  const asked = search;
  const page = await get(`/api/products?search=${encodeURIComponent(asked)}&skip=${shown}`);
  if (asked !== search) {
    return; // The visitor has typed on; a newer answer is on its way.
  }

  byId("products").append(...page.products.map(card));
  shown += page.products.length;
  byId("found").textContent = page.found === 1 ? "1 product" : `${count(page.found)} products`;
  byId("more").hidden = shown >= page.found;
}

export async function openProduct(code) {
  try {
    show(await get(`/api/products/${encodeURIComponent(code)}`));
  } catch (problem) {
    say(problem.message);
  }
}

function show(product) {
  byId("product-icon").setAttribute("href", `/icons.svg#${encodeURIComponent(product.icon)}`);
  byId("product-icon").closest(".picture").dataset.shade = shadeOf(product);
  byId("product-category").textContent = product.category;
  byId("product-name").textContent = product.name;
  byId("product-description").textContent = product.description;
  byId("product-price").textContent = price(product.price);
  byId("product-add").onclick = () => addToBasket(product);
  byId("together").hidden = true;
  if (!byId("product").open) {
    byId("product").showModal();
  }

  showTogether(product.code);
}

async function showTogether(code) {
  const together = await get(`/api/products/${encodeURIComponent(code)}/bought-together`).catch(() => []);
  byId("together").hidden = together.length === 0;
  byId("together").querySelector("ul").replaceChildren(...together.map(({ product, orders }) => {
    const open = element("button", { type: "button" },
      picture(product),
      element("span", { textContent: product.name }),
      element("small", { textContent: orders === 1 ? "in 1 order" : `in ${count(orders)} orders` }));
    open.addEventListener("click", () => show(product));
    return element("li", {}, open);
  }));
}

function card(product) {
  const open = element("button", { type: "button", className: "open" },
    picture(product),
    element("span", { className: "name", textContent: product.name }),
    element("span", { className: "category", textContent: product.category }));
  open.addEventListener("click", () => show(product));
  const add = element("button", { type: "button", className: "add quiet", textContent: "Add", ariaLabel: `Add ${product.name} to basket` });
  add.addEventListener("click", () => addToBasket(product));
  return element("li", {},
    element("article", { className: "card", data: { product: product.code } },
      open,
      element("div", { className: "foot" }, element("span", { className: "price", textContent: price(product.price) }), add)));
}

const picture = product => element("span", { className: "picture", data: { shade: shadeOf(product) } }, icon(product.icon));

/** Products of one category share a shade. */
function shadeOf(product) {
  let sum = 0;
  for (const letter of product.category || product.code) {
    sum = (sum * 101 + letter.charCodeAt(0)) % 997;
  }

  return sum % shades;
}
