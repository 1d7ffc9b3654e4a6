import {
  test as base,
  type Page,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestType,
  type WorkerInfo,
} from '@playwright/test';
import { connect } from './api';
import type { AddClinic, CreatedSession, DataSetRequest, Seedbed } from './client';
import { findMember, toClinic, type Clinic, type Who } from './clinic';
import { DEFAULT_URL } from './config';
import { ClinicPerTest, SnapshotPerWorker, type Isolation } from './isolation';
import { collectErrors } from './page-errors';
import { storageStateFor } from './storage-state';

export type SeedbedOptions = {
  /** Set by `seedbedConfig`. */
  seedbedOptions: {
    servers: string[];
    isolation: 'clinic' | 'snapshot';
    dataSet: DataSetRequest;
  };
};

/** The server of this worker. */
export type Server = {
  url: string;
  /** The API, without being signed in: data sets, clinics, snapshots, the clock. */
  api: Seedbed;
};

export type SeedbedWorkerFixtures = SeedbedOptions & { seedbed: Server };

export type SeedbedFixtures = {
  /** What is in the clinic of each test, such as `{ scenario: 'empty' }`. */
  clinicOptions: AddClinic;
  /** The clinic of this test. */
  clinic: Clinic;
  /** Open a new page that is signed in: `pageAs('owner')`. */
  pageAs: (who: Who) => Promise<Page>;
  /** Return a typed API client that is signed in: `apiAs('owner')`. */
  apiAs: (who: Who) => Promise<Seedbed>;
};

type Internal = {
  _state: void;
  _sessionOf: (who: Who) => Promise<CreatedSession>;
};

const extended = base.extend<SeedbedFixtures & Internal, SeedbedWorkerFixtures & { _isolation: Isolation }>({
  seedbedOptions: [
    { servers: [DEFAULT_URL], isolation: 'clinic', dataSet: {} },
    { option: true, scope: 'worker' },
  ],
  clinicOptions: [{}, { option: true }],

  seedbed: [
    async ({ seedbedOptions }, use, worker) => {
      const url = serverOf(worker, seedbedOptions);
      await use({ url, api: connect(url) });
    },
    { scope: 'worker' },
  ],

  _isolation: [
    async ({ seedbed, seedbedOptions: { isolation, dataSet } }, use) => {
      const prepared =
        isolation === 'clinic'
          ? new ClinicPerTest(seedbed.api)
          : new SnapshotPerWorker(seedbed.api, dataSet);
      await prepared.prepare();
      await use(prepared);
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  _state: [
    async ({ _isolation }, use) => {
      await _isolation.begin();
      await use();
    },
    { auto: true },
  ],

  clinic: async ({ _isolation, _state, clinicOptions }, use) => {
    const added = await _isolation.addClinic(clinicOptions);
    await use(toClinic(added));
    await _isolation.removeClinic(added);
  },

  _sessionOf: async ({ clinic, seedbed }, use) => {
    await use(async (who) => {
      const member = findMember(clinic, who);
      if (member) return member;
      if (!who.includes('@')) return clinic.user(who); // throws, with the users that there are
      const { data } = await seedbed.api.createTestSessions({ body: { users: [who] } });
      return data[0]!;
    });
  },

  pageAs: async ({ browser, baseURL, _sessionOf }, use, testInfo) => {
    const opened: Page[] = [];
    const errors = collectErrors();
    await use(async (who) => {
      const { storageState } = await _sessionOf(who);
      const context = await browser.newContext({ storageState: storageStateFor(storageState, baseURL) });
      errors.watch(context, who);
      const page = await context.newPage();
      opened.push(page);
      return page;
    });
    if (testInfo.status !== testInfo.expectedStatus) await errors.report(testInfo);
    for (const page of opened) await page.context().close();
  },

  apiAs: async ({ seedbed, _sessionOf }, use) => {
    await use(async (who) => connect(seedbed.url, (await _sessionOf(who)).token));
  },
});

export const test = extended as unknown as TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & SeedbedFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & SeedbedWorkerFixtures
>;

function serverOf(
  { parallelIndex, config }: WorkerInfo,
  { servers, isolation }: SeedbedOptions['seedbedOptions'],
): string {
  if (isolation === 'snapshot' && config.workers > servers.length) {
    throw new Error(
      `A restore would undo the changes of other workers: there are ${config.workers} workers and ` +
        `${servers.length} servers. Set \`servers: ${config.workers}\` in seedbedConfig, or ` +
        `\`workers: ${servers.length}\`.`,
    );
  }
  return servers[parallelIndex % servers.length]!;
}
