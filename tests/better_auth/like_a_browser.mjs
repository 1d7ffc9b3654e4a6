// Preloaded, it lets `fetch` keep cookies and send an origin, as it does in a page.
import { Browser } from "./scenario/people.mjs";

globalThis.fetch = new Browser(process.env.BASE_URL).fetch;
