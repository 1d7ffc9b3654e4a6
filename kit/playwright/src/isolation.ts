import type { AddClinic, AddedClinics, DataSetRequest, Seedbed } from './client';
import { SeedbedError } from './errors';

const SNAPSHOT = 'playwright';

/** How the tests of one worker are kept apart. */
export interface Isolation {
  /** Prepare the database for the worker. */
  prepare(): Promise<void>;
  /** Run before each test. */
  begin(): Promise<void>;
  addClinic(options: AddClinic): Promise<AddedClinics>;
  removeClinic(clinic: AddedClinics): Promise<void>;
}

/** Each test has its own clinic. Any number of workers can use one server. */
export class ClinicPerTest implements Isolation {
  constructor(private readonly api: Seedbed) {}

  /** Throw an error that says what to do if the database cannot be used. */
  async prepare(): Promise<void> {
    await this.api.getReadiness();
  }

  async begin(): Promise<void> {}

  async addClinic(body: AddClinic): Promise<AddedClinics> {
    return (await this.api.addClinic({ body })).data;
  }

  async removeClinic({ organization, otherClinics }: AddedClinics): Promise<void> {
    for (const { id } of [organization, ...otherClinics.map((each) => each.organization)]) {
      // The test, or a seed, may have removed it.
      await this.api.removeClinic({ path: { organization_id: id } }).catch(ignoring(404));
    }
  }
}

/** All tests of a worker start in the same state: the data set and the same clinics. */
export class SnapshotPerWorker implements Isolation {
  private readonly clinics = new Map<string, AddedClinics>();

  constructor(
    private readonly api: Seedbed,
    private readonly dataSet: DataSetRequest,
  ) {}

  async prepare(): Promise<void> {
    await checkIsForTests(this.api);
    await this.api.seedDatabase({ body: this.dataSet });
    await this.takeSnapshot();
  }

  async begin(): Promise<void> {
    await this.api.restoreSnapshot({ path: { name: SNAPSHOT } });
  }

  /** Return the clinic with these options that is in the snapshot; add it if it is the first. */
  async addClinic(body: AddClinic): Promise<AddedClinics> {
    const key = JSON.stringify(body);
    const known = this.clinics.get(key);
    if (known) return known;
    const { data } = await this.api.addClinic({ body });
    this.clinics.set(key, data);
    await this.takeSnapshot();
    return data;
  }

  async removeClinic(): Promise<void> {}

  private async takeSnapshot(): Promise<void> {
    await this.api.takeSnapshot({ path: { name: SNAPSHOT } });
  }
}

async function checkIsForTests(api: Seedbed): Promise<void> {
  const { data: state } = await api.describeDatabase();
  if (state.environment === 'test') return;
  throw new Error(
    `Refused. Nothing was changed. With \`isolation: 'snapshot'\` the database is seeded again, and ` +
      `the server of ${state.database} runs with APP_ENV=${state.environment}. Start a server with ` +
      'APP_ENV=test and a database for tests.',
  );
}

/** Return a handler of rejections that ignores the errors with this status. */
function ignoring(status: number): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof SeedbedError && error.status === status)) throw error;
  };
}
