/** The stack with two people and a room, and all that bad input could have changed of it. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { newId } from '../../functions/platform/ids.ts';
import { startStack, type TestStack } from '../support/stack.ts';

export interface Answer {
  status: number;
  type: string;
  /** JSON, or the text where it is none. */
  body: unknown;
}

export interface Sent {
  method: string;
  /** Below `/api`. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Milliseconds: generous, for a busy machine. Nothing may hang. */
const patience = 60_000;

export class Scene {
  readonly #stack: TestStack;
  /** Owns the room, and is in it. */
  readonly owner: string;
  /** In no room. */
  readonly stranger: string;
  readonly roomId: string;

  private constructor(stack: TestStack, given: { owner: string; stranger: string; roomId: string }) {
    this.#stack = stack;
    this.owner = given.owner;
    this.stranger = given.stranger;
    this.roomId = given.roomId;
  }

  static async open(): Promise<Scene> {
    const stack = await startStack();
    const ask = async (path: string, body: object, token?: string) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const { body: answer } = await request(stack, {
        method: 'POST',
        path,
        headers,
        body: JSON.stringify(body),
      });
      return answer as { token: string; id: string };
    };
    const { token: owner } = await ask('/session', { name: 'Owner' });
    const { token: stranger } = await ask('/session', { name: 'Stranger' });
    const { id: roomId } = await ask('/rooms', { name: 'Quay' }, owner);
    for (const content of ['one', 'two', 'three']) await ask('/publish', { room_id: roomId, content }, owner);
    return new Scene(stack, { owner, stranger, roomId });
  }

  send(sent: Sent): Promise<Answer> {
    return request(this.#stack, sent);
  }

  /** Everything that people can see. */
  async look(): Promise<unknown> {
    const room = `/rooms/${this.roomId}`;
    const seen = [
      [this.owner, '/rooms'],
      ...['', '/messages', '/members'].map((part) => [this.owner, room + part]),
    ];
    for (const part of ['bans', 'mutes', 'pins', 'reports', 'invitations', 'requests', 'audit'])
      seen.push([this.owner, `${room}/${part}`]);
    for (const part of ['', '/rooms', '/blocks', '/invitations'])
      seen.push([this.owner, `/me${part}`], [this.stranger, `/me${part}`]);
    const answers = seen.map(([token = '', path = '']) =>
      this.send({ method: 'GET', path, headers: { authorization: `Bearer ${token}` } }),
    );
    return (await Promise.all(answers)).map(({ status, body }) => ({ status, body }));
  }

  /** Where `POST /negotiate` says that a person may connect. */
  async address(): Promise<string> {
    const headers = { authorization: `Bearer ${this.stranger}` };
    const { body } = await this.send({ method: 'POST', path: '/negotiate', headers });
    return (body as { url: string }).url;
  }

  stop(): Promise<void> {
    return this.#stack.stop();
  }
}

async function request({ api }: TestStack, { method, path, headers = {}, body }: Sent): Promise<Answer> {
  const response = await fetch(api + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(patience),
  });
  const answered = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, body: type.includes('json') ? JSON.parse(answered) : answered };
}

const { Values: local } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as {
  Values: Record<string, string>;
};
export const webhookCode = local['WEBHOOK_CODE'] ?? '';
const accessKey = /AccessKey=([^;]+)/.exec(local['WebPubSubConnectionString'] ?? '')?.[1] ?? '';

/** As Web PubSub signs for a connection. */
export const signatureOf = (connectionId: string): string =>
  `sha256=${createHmac('sha256', accessKey).update(connectionId).digest('hex')}`;

export const nowhere = newId();
