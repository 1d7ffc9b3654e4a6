import { setTimeout } from 'node:timers/promises';
import type { BrowserContext, Response, TestInfo } from '@playwright/test';
import { toError } from './errors';

// A body that the page does not read may never arrive.
const PATIENCE_MS = 1_000;

type Found = { who: string; response: Response; body: Promise<unknown> };

/** Collect the errors that pages get from the server, to show them if the test fails. */
export function collectErrors() {
  const found: Found[] = [];
  return {
    watch(context: BrowserContext, who: string): void {
      context.on('response', (response) => {
        if (!isProblem(response)) return;
        // The body is gone once the page has moved on.
        found.push({ who, response, body: response.json().catch(() => undefined) });
      });
    },
    async report(testInfo: TestInfo): Promise<void> {
      if (!found.length) return;
      const late = setTimeout(PATIENCE_MS, undefined);
      const lines = await Promise.all(
        found.map(async ({ who, response, body }) =>
          describe(who, response, await Promise.race([body, late])),
        ),
      );
      await testInfo.attach('seedbed-errors', { body: lines.join('\n'), contentType: 'text/plain' });
    },
  };
}

function isProblem(response: Response): boolean {
  const type = response.headers()['content-type'] ?? '';
  return response.status() >= 400 && type.startsWith('application/problem+json');
}

function describe(who: string, response: Response, body: unknown): string {
  const request = response.request();
  const result = { status: response.status(), statusText: response.statusText() };
  return `${who}: ${toError(request.method(), request.url(), result, body).message}`;
}
