// Starts the live page: each event from the server is a picture of everything, drawn from top to bottom.

import { byId, count } from "../elements.js";
import { drawCampaigns } from "./campaigns.js";
import { drawChart } from "./chart.js";
import { drawReplay, drawRevenue, drawSellers } from "./sales.js";
import { drawTraffic } from "./traffic.js";
import { lastFinal, newest, percent, together } from "./windows.js";

const source = new EventSource("/api/live");
source.onmessage = event => draw(JSON.parse(event.data));
source.onerror = () => connection("waiting", "Connecting again"); // the browser tries again by itself

function draw(picture) {
  connection(picture.ready ? "live" : "waiting", picture.ready ? "Live" : "The shop is starting");
  byId("problem").hidden = picture.problem === null;
  byId("problem").textContent = picture.problem ?? "";
  drawTiles(picture);
  drawChart(picture);
  drawCampaigns(picture);
  drawSellers(picture.bestSellers);
  drawRevenue(picture.revenue);
  drawReplay(picture.replay);
  drawTraffic(picture.traffic);
}

function drawTiles(picture) {
  const now = together(picture, newest(picture));
  byId("now-impressions").textContent = count(now.impressions);
  byId("now-clicks").textContent = count(now.clicks);
  byId("now-rate").textContent = percent(now);
  byId("last-rate").textContent = `last window ${percent(together(picture, lastFinal(picture)))}`;
  byId("per-second").textContent = count(Math.round(picture.traffic.perSecond));
  byId("events").textContent = count(picture.traffic.events);
  byId("late").textContent = count(picture.traffic.late);
}

function connection(state, text) {
  if (byId("connection").dataset.state !== state || byId("connection").textContent !== text) {
    byId("connection").dataset.state = state;
    byId("connection").textContent = text;
  }
}
