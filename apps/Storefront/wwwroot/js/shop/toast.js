// A sentence at the foot of the page that goes away by itself.

import { byId } from "../elements.js";

const shownFor = 4000;
let timer;

export function say(sentence) {
  const toast = byId("toast");
  // A modal dialog hides everything outside it, so the sentence moves into the open one.
  (document.querySelector("dialog[open]") ?? document.body).append(toast);
  toast.textContent = sentence;
  toast.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => toast.classList.remove("shown"), shownFor);
}
