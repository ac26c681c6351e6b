/** Over the whole stack: one trace from the call to the delivered frame, and no secret in anything that is logged. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { newId } from '../../../functions/platform/ids.ts';
import { startStack, type TestStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({ changes: { settings: { TRACES: 'on' } } });
});
afterAll(() => stack.stop());

const canary = {
  text: 'canary-of-the-text',
  name: 'Canary Person',
  email: 'canary.person@example.org',
  password: 'canary of a password',
};

async function ask<T>(path: string, body: object, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(stack.api + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return (await response.json().catch(() => ({}))) as T;
}

const log = (): string => readFileSync(join(stack.data, 'logs', 'functions.log'), 'utf8');

it('a message leaves one trace, and nobody reads a secret in the log', async () => {
  const { email, password, name } = canary;
  const { token, refresh_token } = await ask<{ token: string; refresh_token: string }>('/auth/register', {
    email,
    password,
    name,
  });
  const as = { authorization: `Bearer ${token}` };
  const room = await ask<{ id: string }>('/rooms', { name: 'Harbour' }, as);
  const { url } = await ask<{ url: string }>('/negotiate', {}, as);
  const socket = new WebSocket(url);
  const frames: string[] = [];
  socket.on('message', (data: Buffer) => frames.push(data.toString()));
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));

  const message_id = newId();
  const trace = message_id.replaceAll('-', '');
  const sent = { room_id: room.id, content: canary.text, message_id };
  await ask('/publish', sent, { ...as, traceparent: `00-${trace}-${trace.slice(-16)}-01` });
  await until(() => frames.some((frame) => frame.includes(canary.text)), { what: 'the message' });
  // What is refused, and what is wrong, is logged no more freely.
  await ask('/auth/sign-in', { email, password: `${password} not` });
  await ask('/auth/refresh', { refresh_token: `${refresh_token}x` });
  await ask('/publish', { ...sent, room_id: newId() }, as);
  await ask('/publish', { ...sent, content: 7 }, { authorization: `Bearer ${token}x` });
  await ask('/webpubsub/events?code=canary-of-a-wrong-code', { text: canary.text });
  const joins = JSON.stringify({ action: 'join', room_id: newId(), request_id: canary.text });
  socket.send(joins);
  await until(() => frames.some((frame) => frame.includes('"error"')), { what: 'the refusal' });
  socket.close();

  const steps = ['publish', 'announce', 'route', 'deliver'];
  await until(() => steps.every((step) => log().includes(`"name":"${step}","trace_id":"${trace}"`)), {
    what: () => `all of ${steps.join(', ')} in the trace ${trace}: ${log().slice(-3_000)}`,
  });
  const secrets = [...Object.values(canary), token, refresh_token, 'canary-of-a-wrong-code'];
  const signature = token.split('.')[2]!;
  for (const secret of [...secrets, signature, new URL(url).searchParams.get('access_token')!]) {
    expect(log()).not.toContain(secret);
  }
  expect(log()).toContain(message_id);
});
