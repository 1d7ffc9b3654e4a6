// Users with the published client of Better Auth, each in a separate browser.
import { createAuthClient } from "better-auth/client";
import { organizationClient } from "better-auth/client/plugins";

export const PASSWORD = "a long passphrase";

// Keeps cookies and sends an origin, as a browser does. A page cannot read cookies; a test can.
const send = fetch;

export class Browser {
  cookies = new Map();
  exchange = null;

  constructor(base) {
    this.origin = new URL(base).origin;
  }

  fetch = async (url, options) => {
    const request = new Request(url, options);
    if (this.origin) request.headers.set("origin", this.origin);
    if (this.cookies.size) request.headers.set("cookie", this.#cookieHeader());
    const response = await send(request);
    this.hasTokenHeader = response.headers.has("set-auth-token");
    response.headers.getSetCookie().forEach((line) => this.#keep(line));
    const path = new URL(url).pathname.replace("/api/auth", "");
    this.exchange = { call: `${request.method} ${path}`, status: response.status };
    return response;
  };

  #cookieHeader() {
    return [...this.cookies].map(([name, { value }]) => `${name}=${value}`).join("; ");
  }

  #keep(line) {
    const [pair, ...attributes] = line.split(/;\s*/);
    const [, name, value] = /^([^=]*)=(.*)$/.exec(pair);
    const kept = attributes.map((attribute) => attribute.toLowerCase()).sort();
    if (kept.includes("max-age=0")) this.cookies.delete(name);
    else this.cookies.set(name, { value, attributes: kept });
  }
}

export class Person {
  // `auth` is of better-fetch, such as { type: "Bearer", token }: then no cookie is needed.
  constructor(base, { name, email, auth }, browser = new Browser(base)) {
    Object.assign(this, { name, email, browser });
    this.client = createAuthClient({
      baseURL: base,
      plugins: [organizationClient()],
      fetchOptions: { customFetchImpl: this.browser.fetch, auth },
    });
  }

  get organization() {
    return this.client.organization;
  }

  // What the client has no function for: bodies that no front end should send.
  send(path, body) {
    return this.client.$fetch(path, { method: "POST", body });
  }

  // A body that is text already; without a `type` no Content-Type is sent.
  sendAs(type, path, text) {
    const body = new TextEncoder().encode(text);
    const headers = type ? { "content-type": type } : {};
    return this.client.$fetch(path, { method: "POST", body, headers });
  }

  signUp(fields = {}) {
    const { name, email } = this;
    return this.client.signUp.email({ name, email, password: PASSWORD, ...fields });
  }

  signIn(fields = {}) {
    return this.client.signIn.email({ email: this.email, password: PASSWORD, ...fields });
  }
}
