// Preloaded, it has `fetch` keep cookies and say where it stands, as a page's does.
import { Browser } from "./scenario/people.mjs";

globalThis.fetch = new Browser(process.env.BASE_URL).fetch;
