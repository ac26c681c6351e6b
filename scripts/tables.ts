/**
 * `npm run tables`: writes all tables of the app into a folder (`backup`), or a folder into the tables (`restore`), of
 * the local stack or of Azure. docs/operations.md says when, and what such a backup is while people write.
 */
import { parseArgs } from 'node:util';
import { runCommand } from './command/failure.ts';
import { targetOf } from './command/target.ts';
import { backUp } from './tables/backup.ts';
import { restore } from './tables/restore.ts';
import { openTables } from './tables/storage.ts';

const usage = `npm run tables -- backup FOLDER
npm run tables -- restore FOLDER [--overwrite] [--sign-out]

Where: the local stack, or --account https://NAME.table.core.windows.net (your own identity, az login), or
--connection-string S.`;

const print = (line: string): void => console.log(line);

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      overwrite: { type: 'boolean', default: false },
      'sign-out': { type: 'boolean', default: false },
      account: { type: 'string' },
      'connection-string': { type: 'string' },
    },
  });
  const [what = '', folder, ...others] = positionals;
  if (!['backup', 'restore'].includes(what) || folder === undefined || others.length > 0)
    throw new Error(usage);
  const { overwrite, 'sign-out': signOut } = values;
  if (what === 'backup' && (overwrite || signOut)) {
    throw new Error('--overwrite and --sign-out are for restore alone.');
  }
  const target = targetOf('storage', {
    connectionString: values['connection-string'],
    address: values.account,
  });
  print(`Tables: ${target.name}`);
  const tables = await openTables(target);
  if (what === 'backup') await backUp(tables, { folder, print });
  else await restore(tables, { folder, overwrite, signOut, print });
  print(what === 'backup' ? `Done: the backup is in ${folder}.` : 'Done. Everything is there as it was.');
});
