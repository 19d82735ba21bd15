// The table of campaigns and ads. Rows are made once and then only their numbers change, so that a reader's place stays.

import { byId, count, element, svg } from "../elements.js";
import { inAll, inWindow, lastFinal, newest, percent } from "./windows.js";

let drawn = ""; // the ids and titles that the rows were made for
let rows = []; // a function for each row, which draws its numbers

export function drawCampaigns(picture) {
  const shape = JSON.stringify(picture.campaigns.map(({ id, name, ads }) => [id, name, ads.map(ad => [ad.id, ad.title])]));
  if (shape !== drawn) {
    drawn = shape;
    make(picture.campaigns);
  }

  picture.campaigns.flatMap(campaign => [campaign, ...campaign.ads]).forEach((of, index) => rows[index](of, picture));
}

function make(campaigns) {
  const table = byId("campaigns");
  for (const body of [...table.tBodies]) {
    body.remove();
  }

  rows = [];
  for (const campaign of campaigns) {
    table.append(element("tbody", {},
      makeRow("campaign", campaign.name, { campaign: campaign.id }),
      ...campaign.ads.map(ad => makeRow("ad", ad.title, { ad: ad.id }))));
  }
}

function makeRow(kind, name, data) {
  const now = makeCells("now");
  const last = makeCells("last");
  const ever = makeCells("ever");
  const spark = svg("svg", { class: "spark", viewBox: "0 0 84 22", "aria-hidden": "true" });
  rows.push((of, picture) => {
    now.draw(inWindow(of, newest(picture)));
    last.draw(inWindow(of, lastFinal(picture)));
    ever.draw(inAll(of));
    drawSpark(spark, picture.windows.map((_, window) => inWindow(of, window).impressions));
  });
  return element("tr", { className: kind, data },
    element("th", { scope: "row", textContent: name }), ...now.cells, ...last.cells, element("td", {}, spark), ...ever.cells);
}

function makeCells(when) {
  const cells = ["seen", "clicks", "rate"].map(what => element("td", { className: what === "seen" ? "group" : "", data: { [when]: what } }));
  return {
    cells,
    draw(value) {
      const before = cells[1].textContent;
      [count(value.impressions), count(value.clicks), percent(value)].forEach((text, index) => {
        if (cells[index].textContent !== text) {
          cells[index].textContent = text;
        }
      });
      if (when !== "last" && before !== "" && value.clicks > Number(before.replaceAll(",", ""))) {
        flash(cells[1]);
      }
    },
  };
}

function flash(cell) {
  cell.classList.remove("risen");
  void cell.offsetWidth; // lets the animation start anew
  cell.classList.add("risen");
}

function drawSpark(spark, values) {
  const most = Math.max(1, ...values);
  const width = 84 / 12;
  const from = 12 - values.length;
  spark.replaceChildren(...values.map((value, index) => {
    const height = 22 * value / most;
    return svg("rect", { x: (from + index) * width, y: 22 - height, width: width - 1.5, height, rx: 1 });
  }));
}
