/**
 * `node scripts/person.ts deactivate ID` and `... activate ID`: shuts a person out of every way to sign in, every
 * session, API key and connection, or lets them in again. Takes the app's settings from the environment, or locally
 * from `local.settings.json`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { setActive } from '../functions/people/departure.ts';

const [what, userId = ''] = process.argv.slice(2);
if (!['deactivate', 'activate'].includes(what ?? '') || !/^[\da-f-]{36}$/.test(userId)) {
  console.error('Say what and whom: node scripts/person.ts deactivate|activate USER_ID');
  process.exit(1);
}
if (process.env['AzureWebJobsStorage'] === undefined && existsSync('local.settings.json')) {
  const file = JSON.parse(readFileSync('local.settings.json', 'utf8')) as { Values: Record<string, string> };
  process.env = { ...file.Values, ...process.env };
}
await setActive(userId, what === 'activate');
console.log(`Done: ${what} ${userId}.`);
process.exit(0);
