// Starts the shop page.

import { byId } from "../elements.js";
import { showAds } from "./ads.js";
import { buy, openBasket } from "./basket.js";
import { openProduct, showMore, showProducts } from "./products.js";
import { say } from "./toast.js";

const typingPause = 200;

const orSay = action => action().catch(problem => say(problem.message));

let typing;
byId("search").addEventListener("input", event => {
  clearTimeout(typing);
  typing = setTimeout(() => orSay(() => showProducts(event.target.value)), typingPause);
});
byId("search").addEventListener("submit", event => event.preventDefault());
byId("more").addEventListener("click", () => orSay(showMore));
byId("open-basket").addEventListener("click", openBasket);
byId("buy").addEventListener("click", buy);

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", event => event.target === dialog && dialog.close()); // a click beside it
}

orSay(() => showProducts(""));
orSay(() => showAds(openProduct));
