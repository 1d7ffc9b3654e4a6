import { expect, test } from 'seedbed-playwright';

const PATIENT = { firstName: 'Ada', lastName: 'Example', dateOfBirth: '1990-01-01' };
const seen = new Set<string>();

for (const round of [1, 2]) {
  test(`each test starts with the same clinic, ${round}`, async ({ clinic, apiAs }) => {
    seen.add(clinic.organization.id);
    expect(seen.size).toBe(1);
    const api = await apiAs('owner');
    await api.createPatient({ body: PATIENT });
    const { data } = await api.listPatients({ query: { includeTotal: true } });
    expect(data.total).toBe(clinic.patients.length + 1);
  });

  test(`the data set is the chosen one, ${round}`, async ({ apiAs, clinic, seedbed }) => {
    const { data } = await seedbed.api.describeDataSet();
    expect(data.totals.patients).toBe(4 + clinic.patients.length);
    const api = await apiAs('edward.papadopoulos@example.com');
    await api.createPatient({ body: PATIENT });
  });
}
