/** Writes docs/openapi.json from the schemas of the contract (`npm run openapi`). */
import { writeFileSync } from 'node:fs';
import { openapi } from '../contract/openapi.ts';

writeFileSync(new URL('../docs/openapi.json', import.meta.url), `${JSON.stringify(openapi(), null, 2)}\n`);
