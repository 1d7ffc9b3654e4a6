import { Seedbed } from './client';
import { createClient } from './client/client';
import { SeedbedUnreachable, toError } from './errors';

/** Return a typed client of the API. Failed calls throw `SeedbedError`. */
export function connect(url: string, token?: string): Seedbed {
  const client = createClient({ baseUrl: url, throwOnError: true, ...(token && { auth: token }) });
  client.interceptors.error.use((error, response, request) => {
    // Without a response, the generated client passes what `fetch` threw.
    if (!response || !request) return new SeedbedUnreachable(url, error);
    return toError(request.method, request.url, response, error);
  });
  return new Seedbed({ client });
}
