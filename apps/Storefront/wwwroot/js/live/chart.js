// Bars of impressions and clicks, one pair per window.

import { byId, count, svg } from "../elements.js";
import { percent, together } from "./windows.js";

const places = 12;
const top = 18;
const bottom = 24;
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export function drawChart(picture) {
  const chart = byId("chart");
  const { width, height } = chart.getBoundingClientRect();
  if (width === 0) {
    return;
  }

  const sums = picture.windows.map((_, window) => together(picture, window));
  const most = Math.max(1, ...sums.map(value => value.impressions));
  const floor = height - bottom;
  const scale = (floor - top) / most;
  const step = width / places;
  const from = places - sums.length;

  chart.setAttribute("viewBox", `0 0 ${width} ${height}`);
  chart.replaceChildren(
    svg("line", { x1: 0, x2: width, y1: floor, y2: floor }),
    ...sums.map((value, index) => {
      const window = picture.windows[index];
      const left = (from + index) * step;
      const bar = (name, x, share, number) =>
        svg("rect", { class: name, x: left + x * step, y: floor - number * scale, width: share * step, height: Math.max(number * scale, 0), rx: 3 });
      return svg("g", window.isFinal ? {} : { class: "open" },
        svg("title", {}, `${time.format(window.start)}: ${count(value.impressions)} impressions, ${count(value.clicks)} clicks, ${percent(value)}`),
        bar("seen", 0.12, 0.5, value.impressions),
        bar("clicked", 0.66, 0.2, value.clicks),
        label(left + 0.37 * step, floor - value.impressions * scale - 5, count(value.impressions)),
        label(left + 0.5 * step, height - 7, time.format(window.start)));
    }));
}

const label = (x, y, text) => svg("text", { x, y }, text);
