/**
 * `node tests/faults/storage-durability.ts`: how much of what Azurite has acknowledged is gone after `kill -9` of
 * Azurite itself. Nothing here can pass or fail: it measures a limit of the local stack that Azure does not have.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { storageConnection } from '../../local/stack/files.ts';
import { Stack } from '../../local/stack/stack.ts';
import { freeStackPorts } from '../support/ports.ts';

const kills = 5;
const data = mkdtempSync(join(tmpdir(), 'hubbub-durability-'));
const ports = await freeStackPorts();
const stack = new Stack({ ports, data, only: ['storage'] });
await stack.start();
const table = TableClient.fromConnectionString(storageConnection(ports), 'durability', {
  allowInsecureConnection: true,
});
await table.createTable();

for (let kill = 1; kill <= kills; kill += 1) {
  const acknowledged: number[] = [];
  const end = Date.now() + 4_000 + kill * 700;
  while (Date.now() < end) {
    const row = { partitionKey: String(kill), rowKey: String(acknowledged.length) };
    await table.createEntity(row);
    acknowledged.push(Date.now());
  }
  const killed = Date.now();
  stack.part('storage').kill();
  await stack.part('storage').ended;
  await stack.startPart('storage');
  const left = new Set<string>();
  try {
    const rows = table.listEntities({ queryOptions: { filter: `PartitionKey eq '${kill}'` } });
    for await (const { rowKey } of rows) left.add(rowKey!);
  } catch {
    // The table itself was not written yet.
    await table.createTable();
  }
  const lost = acknowledged.filter((_, index) => !left.has(String(index)));
  const oldest = lost.length === 0 ? 0 : (killed - lost[0]!) / 1_000;
  console.log(
    `kill ${kill}: ${acknowledged.length} rows acknowledged, ${lost.length} lost, the oldest ${oldest} s old`,
  );
}
await stack.stop();
rmSync(data, { recursive: true, force: true });
