// Write the client. The argument has the paths of the OpenAPI document and of the output.
import { createClient } from '@hey-api/openapi-ts';

const { input, output } = JSON.parse(process.argv[2]);

await createClient({
  input,
  output: { path: output },
  logs: { level: 'warn', file: false },
  plugins: [
    { name: '@hey-api/client-fetch', throwOnError: true },
    {
      name: '@hey-api/typescript',
      // By default these get the names of our own schemas, with a number.
      responses: { name: '{{name}}Results', response: '{{name}}Result' },
    },
    { name: '@hey-api/sdk', operations: { strategy: 'single', containerName: 'Seedbed' } },
  ],
});
