// Best sellers, what is bought together, revenue, and the replay of an invoice log.

import { get } from "../api.js";
import { byId, count, element, icon, price } from "../elements.js";

const askAgain = 2000;
const reasonsShown = 5;
let chosen = null; // { code, name }

export function drawSellers(sellers) {
  const most = Math.max(1, ...sellers.map(seller => seller.quantity));
  const list = byId("sellers");
  const focused = document.activeElement?.dataset.code;
  list.replaceChildren(...sellers.map(seller => {
    const button = element("button", { type: "button", ariaPressed: String(chosen?.code === seller.code), data: { code: seller.code } },
      icon(seller.icon),
      element("span", {}, seller.name, element("small", { textContent: price(seller.revenue) })),
      element("b", { textContent: count(seller.quantity), title: "pieces sold" }),
      element("meter", { min: 0, max: most, value: seller.quantity, ariaLabel: "pieces compared with the best seller" }));
    button.addEventListener("click", () => choose(seller));
    return element("li", {}, button);
  }));
  if (focused !== undefined) {
    list.querySelector(`[data-code="${CSS.escape(focused)}"]`)?.focus();
  }
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
  byId("replay-time").textContent = dayTime.format(replay.eventTime);
  byId("replay-reasons").replaceChildren(...replay.lastRejected.slice(-reasonsShown)
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
