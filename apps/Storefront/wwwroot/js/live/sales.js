// Best sellers, what is bought together, revenue, and the replay of an invoice log.

import { get } from "../api.js";
import { byId, count, element, icon, price } from "../elements.js";

const askAgain = 2000;
const rows = new Map(); // stock code -> { item, draw }
let chosen = null; // { code, name }

export function drawSellers(sellers) {
  const most = Math.max(1, ...sellers.map(seller => seller.quantity));
  const items = sellers.map(seller => {
    const row = rows.get(seller.code) ?? makeSeller(seller);
    row.draw(seller, most);
    return row.item;
  });
  // Moving an element takes the focus and an unfinished click away from it, so only a new order moves any.
  const list = byId("sellers");
  if (items.length !== list.children.length || items.some((item, place) => item !== list.children[place])) {
    list.replaceChildren(...items);
  }
}

function makeSeller({ code, name, icon: picture }) {
  const revenue = element("small");
  const quantity = element("b", { title: "pieces sold" });
  const meter = element("meter", { min: 0, ariaLabel: "pieces compared with the best seller" });
  const button = element("button", { type: "button", data: { code } }, icon(picture), element("span", {}, name, revenue), quantity, meter);
  button.addEventListener("click", () => choose({ code, name }));
  const row = {
    item: element("li", {}, button),
    draw(seller, most) {
      revenue.textContent = price(seller.revenue);
      quantity.textContent = count(seller.quantity);
      meter.max = most;
      meter.value = seller.quantity;
      button.ariaPressed = String(chosen?.code === code);
    },
  };
  rows.set(code, row);
  return row;
}

export function drawRevenue(windows) {
  const most = Math.max(1, ...windows.map(window => window.revenue));
  byId("revenue").replaceChildren(...windows.slice(-6).map(window => element("li", { className: window.isFinal ? "" : "open" },
    element("time", { textContent: shortTime.format(window.start), dateTime: new Date(window.start).toISOString() }),
    element("meter", { min: 0, max: most, value: window.revenue, ariaLabel: "compared with the best window" }),
    element("span", { textContent: price(window.revenue) }))));
}

export function drawReplay(replay) {
  byId("replay").hidden = replay === null;
  if (replay === null) {
    return;
  }

  byId("replay-rows").textContent = count(replay.rows) + (replay.isDone ? ", all done" : "");
  byId("replay-rejected").textContent = count(replay.rejected);
  byId("replay-time").textContent = replay.eventTime === null ? "–" : dayTime.format(replay.eventTime);
  byId("replay-problem").textContent = replay.problem ?? "";
  byId("replay-reasons").replaceChildren(...replay.firstRejected
    .map(row => element("li", { textContent: `Line ${count(row.line)}: ${row.reason}` })));
}

async function choose(seller) {
  chosen = chosen?.code === seller.code ? null : seller;
  byId("together").hidden = true;
  await drawTogether();
}

async function drawTogether() {
  const asked = chosen;
  if (asked === null) {
    return;
  }

  const together = await get(`/api/products/${encodeURIComponent(asked.code)}/bought-together`).catch(() => []);
  if (asked !== chosen) {
    return;
  }

  byId("together").hidden = false;
  byId("together-name").textContent = asked.name;
  const lines = together.map(({ product, orders }) => element("li", {},
    element("span", { textContent: product.name }),
    element("span", { textContent: orders === 1 ? "1 order" : `${count(orders)} orders` })));
  byId("together").querySelector("ul").replaceChildren(
    ...(lines.length > 0 ? lines : [element("li", { textContent: "Nothing yet." })]));
}

setInterval(drawTogether, askAgain);

// Event times are times of the shop's log, written in UTC.
const shortTime = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", hour: "2-digit", minute: "2-digit" });
const dayTime = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
