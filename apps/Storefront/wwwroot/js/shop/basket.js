// The basket, and buying it.

import { post } from "../api.js";
import { byId, element, price } from "../elements.js";
import { say } from "./toast.js";

const mostPieces = 99;
const lines = new Map(); // stock code -> { product, quantity }

export function addToBasket(product) {
  change(product, 1);
  say(`${product.name} is in your basket.`);
}

export function openBasket() {
  byId("basket").showModal();
}

export async function buy() {
  byId("buy").disabled = true;
  try {
    const wish = [...lines.values()].map(line => ({ product: line.product.code, quantity: line.quantity }));
    const order = await post("/api/orders", { lines: wish });
    lines.clear();
    byId("basket").close();
    say(`Thank you! Your order has the number ${order.number}.`);
  } catch (problem) {
    say(problem.message);
  } finally {
    byId("buy").disabled = false;
    draw();
  }
}

function change(product, by) {
  const quantity = Math.min((lines.get(product.code)?.quantity ?? 0) + by, mostPieces);
  if (quantity > 0) {
    lines.set(product.code, { product, quantity });
  } else {
    lines.delete(product.code);
  }

  draw();
}

function draw() {
  const all = [...lines.values()];
  byId("basket-count").textContent = all.reduce((sum, line) => sum + line.quantity, 0);
  byId("basket-lines").replaceChildren(...all.map(drawLine));
  byId("basket-total").textContent = price(all.reduce((sum, line) => sum + line.quantity * line.product.price, 0));
  byId("basket-empty").hidden = all.length > 0;
  byId("basket-foot").hidden = all.length === 0;
}

function drawLine({ product, quantity }) {
  const step = (text, label, by) => {
    const button = element("button", { type: "button", textContent: text, ariaLabel: `${label} ${product.name}` });
    button.addEventListener("click", () => change(product, by));
    return button;
  };
  return element("li", { className: "line" },
    element("span", {}, product.name, element("small", { textContent: price(product.price) })),
    element("span", { className: "steps" },
      step("−", "One less of", -1), element("output", { textContent: quantity }), step("+", "One more of", 1)),
    element("span", { className: "price", textContent: price(quantity * product.price) }));
}
