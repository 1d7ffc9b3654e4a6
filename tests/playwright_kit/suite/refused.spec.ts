import { expect, test } from 'seedbed-playwright';

test('fails after a refused request of a page', async ({ pageAs, seedbed }) => {
  const page = await pageAs('member');
  await page.goto(`${seedbed.url}/patients`);
  await page.evaluate(async () => {
    const body = '{"name": "Pool"}';
    const refused = await fetch('/api/rooms', { method: 'POST', body });
    await refused.text();
    await fetch('/api/nothing'); // whose body nobody reads
  });
  expect('this test').toBe('failed');
});
