// The time of the server when it made the page, which may be that of a test clock, and since then.
const { now, frozen } = document.body.dataset;

export const serverTime = () => new Date(Date.parse(now) + (frozen === undefined ? performance.now() : 0));
export const serverDay = () => serverTime().toISOString().slice(0, 10);
