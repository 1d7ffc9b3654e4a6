export { expect } from '@playwright/test';
export { connect } from './api';
export { Seedbed } from './client';
export type * from './client';
export type { Clinic, Who } from './clinic';
export { seedbedConfig, type SeedbedSettings } from './config';
export { SeedbedError, SeedbedUnreachable } from './errors';
export { test, type SeedbedFixtures, type SeedbedOptions, type Server } from './fixtures';
