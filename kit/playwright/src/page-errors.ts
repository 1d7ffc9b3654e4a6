import type { BrowserContext, Response, TestInfo } from '@playwright/test';
import { toError } from './errors';

/** Collect the errors that pages get from the server, to show them if the test fails. */
export function collectErrors() {
  const found: Promise<string>[] = [];
  return {
    watch(context: BrowserContext, who: string): void {
      context.on('response', (response) => {
        if (isProblem(response)) found.push(describe(response, who));
      });
    },
    async report(testInfo: TestInfo): Promise<void> {
      const lines = await Promise.all(found);
      if (!lines.length) return;
      await testInfo.attach('seedbed-errors', { body: lines.join('\n'), contentType: 'text/plain' });
    },
  };
}

function isProblem(response: Response): boolean {
  const type = response.headers()['content-type'] ?? '';
  return response.status() >= 400 && type.startsWith('application/problem+json');
}

async function describe(response: Response, who: string): Promise<string> {
  const request = response.request();
  const answer = { status: response.status(), statusText: response.statusText() };
  // The body is gone if the page has moved on.
  const body: unknown = await response.json().catch(() => undefined);
  return `${who}: ${toError(request.method(), request.url(), answer, body).message}`;
}
