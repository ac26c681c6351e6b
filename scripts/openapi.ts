/**
 * Writes from the schemas of the contract (`npm run openapi`): docs/openapi.json for people and tools, and
 * infra/openapi.json for API Management, which cannot read the first.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { openapiForImport } from '../contract/openapi-import.ts';
import { openapi } from '../contract/openapi.ts';

const root = new URL('..', import.meta.url);
const save = (path: string, document: object): void =>
  writeFileSync(new URL(path, root), `${JSON.stringify(document, null, 2)}\n`);

save('docs/openapi.json', openapi());
mkdirSync(new URL('infra', root), { recursive: true });
save('infra/openapi.json', openapiForImport());
