import type { StorageState } from './client';

/** Add the cookies for the host name of the front end, which may forward `/api` to the server. */
export function storageStateFor(state: StorageState, baseURL: string | undefined): StorageState {
  if (!baseURL) return state;
  const domain = new URL(baseURL).hostname;
  const copies = state.cookies
    .filter((cookie) => cookie.domain !== domain)
    .map((cookie) => ({ ...cookie, domain }));
  return { ...state, cookies: [...state.cookies, ...copies] };
}
