import { defineConfig } from '@playwright/test';
import { seedbedConfig } from 'seedbed-playwright';

const { FOLDER, DATABASE, ISOLATION, SERVERS, WORKERS, CHROMIUM = '' } = process.env;

export default defineConfig(
  seedbedConfig({
    folder: FOLDER,
    databaseUrl: `sqlite:///${DATABASE}`,
    isolation: ISOLATION === 'snapshot' ? 'snapshot' : 'clinic',
    servers: Number(SERVERS ?? 1),
    dataSet: { asOf: '2026-11-23', patients: 4 },
  }),
  {
    fullyParallel: true,
    workers: Number(WORKERS ?? 1),
    timeout: 120_000,
    expect: { timeout: 60_000 },
    use: { launchOptions: { executablePath: CHROMIUM, args: ['--no-sandbox'] } },
  },
);
