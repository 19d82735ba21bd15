// How busy the simulated visitors are. The slider moves in steps that grow, from none to very many.

import { put } from "../api.js";
import { byId, count } from "../elements.js";

const steps = [0, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];
const slider = byId("traffic");
let moving = false;

export function drawTraffic(traffic) {
  if (!moving) {
    const step = steps.findLastIndex(perSecond => perSecond <= traffic.chosen);
    slider.value = step;
    show(traffic.chosen);
  }
}

slider.addEventListener("input", () => {
  moving = true;
  show(steps[slider.value]);
});

slider.addEventListener("change", async () => {
  try {
    await put("/api/traffic", { perSecond: steps[slider.value] });
    byId("traffic-problem").textContent = "";
  } catch (problem) {
    byId("traffic-problem").textContent = problem.message;
  } finally {
    moving = false;
  }
});

function show(perSecond) {
  byId("traffic-chosen").textContent = count(perSecond);
  slider.setAttribute("aria-valuetext", `${count(perSecond)} events a second`);
}
