/** Accounts out of the box: the built package in its host, with the settings that npm start has. */
import WebSocket from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Providers, Session } from '../../../contract/identity.ts';
import { startStack, type TestStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';
import { newcomer } from './service.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

async function ask<T>(method: string, path: string, options: { token?: string; body?: object } = {}) {
  const { token, body } = options;
  const response = await fetch(stack.api + path, {
    method,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as T };
}

describe('without any setting', () => {
  it('guests and accounts are offered', async () => {
    const { body } = await ask<Providers>('GET', '/auth/providers');
    expect(body).toEqual({ guests: true, accounts: true, oidc: [] });
  });

  it('somebody registers, makes a room, writes with an API key, and is out once they have signed out', async () => {
    const given = newcomer();
    const { status, body } = await ask<Session>('POST', '/auth/register', { body: given });
    expect(status).toBe(201);
    const { token, refresh_token } = (
      await ask<Session>('POST', '/auth/refresh', { body: { refresh_token: body.refresh_token } })
    ).body;
    const room = await ask<{ id: string }>('POST', '/rooms', { token, body: { name: 'Harbour' } });
    const { id } = room.body;
    const made = await ask<{ key: string }>('POST', '/keys', {
      token,
      body: { name: 'Tides', rooms: [id], calls: ['publish'] },
    });
    const { url } = (await ask<{ url: string }>('POST', '/negotiate', { token })).body;
    const socket = new WebSocket(url);
    const frames: string[] = [];
    socket.on('message', (data: Buffer) => frames.push(data.toString()));
    const closed = new Promise<number>((done) => socket.once('close', done));
    await new Promise((done, fail) => socket.once('open', done).once('error', fail));
    const said = { room_id: id, content: 'High water at six.' };
    expect((await ask('POST', '/publish', { token: made.body.key, body: said })).status).toBe(200);
    await until(() => frames.some((frame) => frame.includes(said.content)), { what: 'the message' });
    const out = await ask('POST', '/auth/sign-out', { token, body: { everywhere: true } });
    expect(out.status).toBe(204);
    expect(await closed).toBe(1000);
    expect((await ask('GET', '/me', { token })).status).toBe(401);
    expect((await ask('POST', '/auth/refresh', { body: { refresh_token } })).status).toBe(401);
  });
});
