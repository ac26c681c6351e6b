/**
 * azd runs this before it deploys the service `web`, after it has built it: writes the page's `config.json` and
 * `staticwebapp.config.json` from the outputs that azd has in the environment. It must be the service's hook: the
 * project's own `predeploy` runs before the build, which would write over these files.
 * `node infra/hooks/predeploy.ts`, Node 22.18 or newer.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { deployedAddresses, root, writePageFiles } from './page-files.ts';

const folder = join(root, 'dist/web');
try {
  if (!existsSync(join(folder, 'index.html'))) throw new Error('dist/web has no page. Run `npm run build`.');
  const addresses = deployedAddresses(process.env);
  writePageFiles(folder, addresses);
  console.log(`The page will find the API at ${addresses.api} and Web PubSub at ${addresses.webPubSub}.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
