// What a front end does with the generated client, in TypeScript's strict mode.
import { Seedbed, type PatientResponse, type ProblemDetails, type Role } from './client';
import { createClient } from './client/client';

const client = createClient({ baseUrl: 'http://localhost:8000', auth: 'TOKEN', throwOnError: true });
const api = new Seedbed({ client });

export async function main(): Promise<void> {
  const { data: page, response } = await api.listPatients({ query: { search: 'ada', limit: 10 } });
  const patients: PatientResponse[] = page.items;
  const next: string | null = page.next;
  const version: string | null = response.headers.get('etag');
  for (const { id } of patients) {
    await api.updatePatient({
      path: { patient_id: id },
      headers: version ? { 'If-Match': version } : {},
      body: { city: next },
    });
  }
  const { data: added } = await api.addClinic({ body: { scenario: 'empty', asOf: '2026-11-23' } });
  const role: Role | null | undefined = added.users[0]?.role;
  const origins: { origin: string }[] = added.users.flatMap(({ storageState }) => storageState.origins);
  console.log(role, origins);

  // @ts-expect-error: no such scenario
  await api.addClinic({ body: { scenario: 'none' } });
  // @ts-expect-error: a patient needs a last name
  await api.createPatient({ body: { firstName: 'Ada', dateOfBirth: '1990-01-01' } });
  // @ts-expect-error: no such parameter
  await api.listPatients({ query: { serch: 'ada' } });

  const { error } = await api.getPatient({ path: { patient_id: '1' }, throwOnError: false });
  const problem: ProblemDetails | undefined = error;
  console.log(problem?.detail);
}
