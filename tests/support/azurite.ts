/** Table Storage for one test file: Azurite in memory, on a port of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storageConnection } from '../../local/stack/files.ts';
import { defaultPorts } from '../../local/stack/ports.ts';
import { RunningPart } from '../../local/stack/process.ts';
import { freePort } from './ports.ts';

export interface Azurite {
  connectionString: string;
  tableEndpoint: string;
  stop(): Promise<void>;
}

/** Starts Azurite's tables. Set `AzureWebJobsStorage` to the connection string before anything opens a table. */
export async function startAzurite(): Promise<Azurite> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'hubbub-azurite-'));
  const part = new RunningPart({
    title: 'Azurite',
    args: [
      createRequire(import.meta.url).resolve('azurite/dist/src/table/main.js'),
      '--silent',
      '--disableTelemetry',
      '--skipApiVersionCheck',
      '--inMemoryPersistence',
      '--tableHost',
      '127.0.0.1',
      '--tablePort',
      String(port),
    ],
    ports: [],
    health: { url: `http://127.0.0.1:${port}/`, method: 'GET', anyStatus: true },
    log: join(folder, 'azurite.log'),
  });
  const killIt = () => part.kill();
  process.once('exit', killIt);
  await part.ready();
  return {
    connectionString: storageConnection({ ...defaultPorts, table: port }),
    tableEndpoint: `http://127.0.0.1:${port}/devstoreaccount1`,
    stop: async () => {
      part.kill();
      await part.ended;
      process.off('exit', killIt);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
