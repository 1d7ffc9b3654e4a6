import { expect, SeedbedError, test } from 'seedbed-playwright';

const PATIENT = { firstName: 'Ada', lastName: 'Example', dateOfBirth: '1990-01-01' };

for (const round of [1, 2]) {
  test(`no test sees the patients of another, ${round}`, async ({ clinic, apiAs }) => {
    const api = await apiAs('owner');
    await api.createPatient({ body: PATIENT });
    const { data } = await api.listPatients({ query: { includeTotal: true } });
    expect(data.total).toBe(clinic.patients.length + 1);
  });
}

test('each page is signed in as its own user', async ({ clinic, pageAs, seedbed }) => {
  for (const who of ['owner', 'member', clinic.user('admin').email]) {
    const page = await pageAs(who);
    await page.goto(`${seedbed.url}/patients`);
    await expect(page.locator('#user-menu')).toContainText(clinic.user(who).name);
  }
});

test('a user of the data set can be signed in', async ({ apiAs }) => {
  const api = await apiAs('edward.papadopoulos@example.com');
  const { data } = await api.getSession();
  expect(data?.user.name).toBe('Edward Papadopoulos');
});

test('a refusal has the words of the server', async ({ apiAs, clinic }) => {
  const api = await apiAs('owner');
  const { name } = clinic.rooms[0]!;
  const refused: SeedbedError = await api.createRoom({ body: { name } }).catch((error) => error);
  expect(refused).toBeInstanceOf(SeedbedError);
  expect(refused.status).toBe(409);
  expect(refused.message).toContain('POST /api/rooms returned 409 Conflict');
  expect(refused.message).toContain(refused.problem.detail);
});

test.describe('an empty clinic', () => {
  test.use({ clinicOptions: { scenario: 'empty' } });

  test('has only an owner', async ({ clinic, apiAs }) => {
    expect(clinic.patients).toEqual([]);
    await expect(apiAs('admin')).rejects.toThrow(/has no user "admin"\. It has: owner .+@/);
  });
});

test.describe('two clinics', () => {
  test.use({ clinicOptions: { scenario: 'shared-practitioner' } });

  test('are both removed', async ({ clinic }) => {
    expect(clinic.otherClinics).toHaveLength(1);
  });
});
