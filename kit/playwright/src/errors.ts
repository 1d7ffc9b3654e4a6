import type { ProblemDetails } from './client';

/** What the server refused: the message has the title, what happened and what to do next. */
export class SeedbedError extends Error {
  override readonly name = 'SeedbedError';

  constructor(
    request: string,
    /** The problem document of the response. */
    readonly problem: ProblemDetails,
  ) {
    super(describe(request, problem));
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string | null | undefined {
    return this.problem.code;
  }
}

/** There was no response. */
export class SeedbedUnreachable extends Error {
  override readonly name = 'SeedbedUnreachable';

  constructor(url: string, cause: unknown) {
    super(
      `Cannot reach Seedbed at ${url}. Start it there, or let Playwright start it: set ` +
        '`folder` in seedbedConfig to your checkout of Seedbed.',
      { cause },
    );
  }
}

/** Return an error for a failed call: `body` is the parsed body of the response, if there is one. */
export function toError(
  method: string,
  url: string,
  response: Pick<Response, 'status' | 'statusText'>,
  body: unknown,
): SeedbedError {
  const { pathname, search } = new URL(url);
  return new SeedbedError(`${method} ${pathname}${search}`, toProblem(response, body));
}

function toProblem(
  { status, statusText }: Pick<Response, 'status' | 'statusText'>,
  body: unknown,
): ProblemDetails {
  if (typeof body === 'object' && body !== null && 'detail' in body) return body as ProblemDetails;
  // Not from Seedbed: a proxy in between, or another program at this address.
  return { status, title: statusText, detail: typeof body === 'string' ? body : '' };
}

function describe(request: string, problem: ProblemDetails): string {
  const { status, title, detail, code, reasons, requestId } = problem;
  const remedies = (reasons ?? []).map(({ remedy }) => remedy).filter((text) => !detail.includes(text));
  return [
    `${request} returned ${status} ${title}${code ? ` (${code})` : ''}.`,
    detail,
    ...remedies,
    status >= 500 && requestId ? `The request id in the server's log is ${requestId}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
