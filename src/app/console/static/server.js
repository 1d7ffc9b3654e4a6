// Requests to this server.

// A proxy may serve it under a prefix: this file is in the folder `console` of it.
const root = new URL("..", import.meta.url).pathname;
export function link(path) {
  return root + path.slice(1);
}

// Return a part of a page as a document.
export async function readPart(path, { headers, ...options } = {}) {
  const response = await fetch(link(path), { ...options, headers: { "HX-Request": "true", ...headers } });
  if (!response.ok) {
    throw new Error(`The part ${path} cannot be read.`);
  }
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
