// Reading counts out of a picture. A window is named by its place in picture.windows; -1 is none.

export const newest = picture => picture.windows.length - 1;

export const lastFinal = picture => picture.windows.findLastIndex(window => window.isFinal);

/** What the ads gathered together in one window. */
export function sum(ads, window) {
  return add(ads.map(ad => ad.counts[window] ?? [0, 0]));
}

/** What the ads gathered together since the start. */
export const total = ads => add(ads.map(ad => ad.total));

/** Clicks per impression, as text. */
export const percent = ({ impressions, clicks }) => (impressions === 0 ? "–" : `${(100 * clicks / impressions).toFixed(1)} %`);

const add = pairs => ({
  impressions: pairs.reduce((all, [impressions]) => all + impressions, 0),
  clicks: pairs.reduce((all, [, clicks]) => all + clicks, 0),
});
