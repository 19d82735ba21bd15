// Shows ads and tells the server which were seen and which were clicked.

import { get, post } from "../api.js";
import { byId, element, icon } from "../elements.js";

const places = 3;

/** @param open called with the stock code of a clicked ad's product */
export async function showAds(open) {
  const ads = await get(`/api/ads?count=${places}`);
  const seen = new IntersectionObserver(entries => {
    for (const entry of entries.filter(entry => entry.isIntersecting)) {
      seen.unobserve(entry.target);
      report(entry.target.dataset.ad, Number(entry.target.dataset.position), false);
    }
  }, { threshold: 0.5 });

  byId("ads").replaceChildren(...ads.map((ad, index) => {
    const card = element("button",
      { type: "button", className: `ad ${ad.tone}`, data: { ad: ad.id, position: index + 1 } },
      element("span", {}, element("strong", { textContent: ad.title }), element("span", { textContent: ad.text })),
      icon(ad.icon));
    card.addEventListener("click", () => {
      report(ad.id, index + 1, true);
      open(ad.product);
    });
    seen.observe(card);
    return element("li", {}, card);
  }));
}

// An ad that cannot be counted must not disturb the visitor.
const report = (ad, position, clicked) => post("/api/ad-events", { ad, position, clicked }).catch(() => {});
