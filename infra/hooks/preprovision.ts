/**
 * azd runs this before it provisions: makes the two secrets of our own once, and keeps them in azd's environment,
 * where `main.parameters.json` reads them. `node infra/hooks/preprovision.ts`, Node 22.18 or newer.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/** Bytes of each. In hexadecimal, because a value that begins with a dash would be read as an option. */
const secrets = { WEBHOOK_CODE: 32, SESSION_SIGNING_KEY: 48 };

const values = JSON.parse(azd('env', 'get-values', '--output', 'json')) as Record<string, string>;
for (const [name, bytes] of Object.entries(secrets)) {
  if (values[name]) continue;
  azd('env', 'set', name, randomBytes(bytes).toString('hex'));
  console.log(`Made ${name} and kept it in azd's environment.`);
}

/** What azd printed. Ends with its complaint where it fails: to go on would replace secrets that are in use. */
function azd(...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync('azd', args, { encoding: 'utf8' });
  if (status === 0) return stdout;
  console.error(`azd ${args.slice(0, 3).join(' ')} failed. ${error?.message ?? (stderr || stdout)}`);
  process.exit(1);
}
