/** `npm run reset`: removes every room, message and log of the local stack. */
import { rmSync } from 'node:fs';
import { portsFrom } from '../local/stack/ports.ts';
import { isTaken } from '../local/stack/process.ts';

if (await isTaken(portsFrom(process.env).functions)) {
  console.error('The stack is running. Stop it (Ctrl-C) before you reset it.');
  process.exit(1);
}
const data = process.env['HUBBUB_DATA'] ?? '.hubbub';
rmSync(data, { recursive: true, force: true });
console.log(`Removed ${data}. The next npm start begins empty.`);
