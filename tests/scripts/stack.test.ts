/** The commands of an operator beside the whole stack: a service that is restored goes on where its backup ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Session } from '../../contract/identity.ts';
import type { History } from '../../contract/messages.ts';
import { health } from '../../contract/operations.ts';
import type { Room } from '../../contract/rooms.ts';
import { portVariables, type Ports } from '../../local/stack/ports.ts';
import { startStack, type TestStack } from '../support/stack.ts';
import { runProgram } from './program.ts';

let stack: TestStack;
let folder: string;
let token = '';
beforeAll(async () => {
  stack = await startStack();
  folder = mkdtempSync(join(tmpdir(), 'hubbub-operator-'));
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
});

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(stack.api + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token !== '' && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect([path, response.status < 300]).toEqual([path, true]);
  return (await response.json()) as T;
}

/** As an operator runs it whose stack has other ports than the usual ones. */
async function command(...args: string[]): Promise<string> {
  const moved = Object.entries(portVariables).map(([part, variable]) => [
    variable,
    String(stack.stack.ports[part as keyof Ports]),
  ]);
  const { code, output, errors } = await runProgram(args, {
    ...(Object.fromEntries(moved) as Record<string, string>),
    HUBBUB_DATA: join(folder, 'own'),
  });
  expect([code, errors]).toEqual([0, '']);
  return output;
}

it('rooms, people, messages and sessions come back, and new messages take the next numbers', async () => {
  ({ token } = await ask<Session>('POST', '/session', { name: 'Alice' }));
  const room = await ask<Room>('POST', '/rooms', { name: 'Kept' });
  for (const content of ['one', 'two']) await ask('POST', '/publish', { room_id: room.id, content });
  const backup = join(folder, 'backup');
  expect(await command('scripts/tables.ts', 'backup', backup)).toContain('rooms: ');
  await ask('POST', '/publish', { room_id: room.id, content: 'after the backup' });
  const lost = await ask<Room>('POST', '/rooms', { name: 'Made after the backup' });

  await stack.stack.part('functions').stop();
  expect(await command('scripts/tables.ts', 'restore', backup, '--overwrite')).toContain('Done.');
  await stack.stack.startPart('functions');

  const { messages } = await ask<History>('GET', `/rooms/${room.id}/messages`);
  expect(messages.map(({ content }) => content)).toEqual(['one', 'two']);
  const rooms = await ask<Room[]>('GET', '/rooms');
  expect(rooms.map(({ id }) => id)).toContain(room.id);
  expect(rooms.map(({ id }) => id)).not.toContain(lost.id);
  expect(await ask('POST', '/publish', { room_id: room.id, content: 'three' })).toMatchObject({ seq: 3 });
  expect(health.parse(await ask('GET', '/health')).checks.storage.status).toBe('ok');
  expect(await command('scripts/letters.ts', 'list')).toContain('dead-letters: 0');
});
