import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PlaywrightTestConfig } from '@playwright/test';
import type { DataSetRequest } from './client';
import type { SeedbedOptions } from './fixtures';

export type SeedbedSettings = {
  /**
   * The checkout of Seedbed, in which `command` runs. Without it, no server is started.
   * SEEDBED_FOLDER in the environment takes precedence.
   */
  folder?: string | undefined;
  /**
   * Where the server is, or will be started. Use the host name of your front end.
   * SEEDBED_URL in the environment takes precedence.
   */
  url?: string | undefined;
  /** Starts a server for tests on the port in the environment variable UVICORN_PORT. */
  command?: string;
  /**
   * The database of a started server, with `{port}` where the port belongs if there are several.
   * By default a file in the checkout's `var`.
   */
  databaseUrl?: string;
  /** The origins of your front end, such as `http://localhost:5173`. */
  trustedOrigins?: string[];
  /**
   * `clinic`: each test has its own clinic, and all workers use one server.
   * `snapshot`: the whole database is restored before each test, and each worker has a server.
   */
  isolation?: 'clinic' | 'snapshot';
  /** With `snapshot`, the number of workers. They use consecutive ports, from that of `url`. */
  servers?: number;
  /** What a seed creates, with `snapshot`. */
  dataSet?: DataSetRequest;
};

const { SEEDBED_FOLDER, SEEDBED_URL } = process.env;
export const DEFAULT_URL = SEEDBED_URL ?? 'http://localhost:8100';
const READY_MS = 120_000;
const STOP_MS = 10_000;

/** Return the part of a Playwright configuration that starts Seedbed: `defineConfig(this, yours)`. */
export function seedbedConfig(settings: SeedbedSettings = {}): PlaywrightTestConfig<object, SeedbedOptions> {
  const {
    command,
    databaseUrl = 'sqlite:///var/playwright-{port}.db',
    trustedOrigins = [],
    isolation = 'clinic',
    servers: count = 1,
    dataSet = {},
  } = settings;
  const folder = SEEDBED_FOLDER ?? settings.folder;
  const url = SEEDBED_URL ?? settings.url ?? DEFAULT_URL;
  if (folder && !existsSync(join(folder, 'justfile'))) {
    throw new Error(
      `\`folder\` is "${resolve(folder)}", which is not a checkout of Seedbed. ` +
        'Use an absolute path, or one relative to the current folder.',
    );
  }
  const servers = Array.from({ length: count }, (_, index) => shiftPort(url, index));
  const webServer = servers.map((server) => {
    const { port } = new URL(server);
    return {
      command: command ?? startServer(`var/playwright-${port}.log`),
      cwd: folder && resolve(folder),
      env: {
        APP_ENV: 'test',
        UVICORN_PORT: port,
        DATABASE_URL: databaseUrl.replace('{port}', port),
        TRUSTED_ORIGINS: trustedOrigins.join(','),
        PYTHONPATH: '', // modules of the project under test could hide those of the server
      },
      url: `${server}/health/live`,
      reuseExistingServer: true,
      gracefulShutdown: { signal: 'SIGTERM' as const, timeout: STOP_MS },
      timeout: READY_MS,
    };
  });
  return {
    ...(folder && { webServer }),
    use: { seedbedOptions: { servers, isolation, dataSet } },
  };
}

/**
 * Playwright prints stderr, so the log goes to a file, and to stderr only if the start fails.
 *
 * Standard input is a pipe from Playwright, which ends when that is killed.
 */
function startServer(log: string): string {
  const serve = `uv run just serve --stop-with-stdin 2> ${log}`;
  return `uv run just seed && (${serve} || (cat ${log} >&2; false))`;
}

function shiftPort(url: string, by: number): string {
  const shifted = new URL(url);
  if (by) shifted.port = String(Number(shifted.port) + by);
  return shifted.origin;
}
