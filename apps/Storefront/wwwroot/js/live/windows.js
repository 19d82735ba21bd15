// Reading counts out of a picture. A window is named by its place in picture.windows; -1 is none.

export const newest = picture => picture.windows.length - 1;

export const lastFinal = picture => picture.windows.findLastIndex(window => window.isFinal);

/** What an ad or a campaign gathered in one window. */
export const inWindow = (of, window) => named(of.counts.windows[window] ?? [0, 0]);

/** What an ad or a campaign gathered since the start. */
export const inAll = of => named(of.counts.total);

/** What all campaigns gathered together in one window. */
export function together(picture, window) {
  const counts = picture.campaigns.map(campaign => inWindow(campaign, window));
  return {
    impressions: counts.reduce((sum, { impressions }) => sum + impressions, 0),
    clicks: counts.reduce((sum, { clicks }) => sum + clicks, 0),
  };
}

/** Clicks per impression, as text. */
export const percent = ({ impressions, clicks }) => (impressions === 0 ? "–" : `${(100 * clicks / impressions).toFixed(1)} %`);

const named = ([impressions, clicks]) => ({ impressions, clicks });
