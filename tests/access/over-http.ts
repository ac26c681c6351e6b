/** The whole stack as somebody from outside meets it: calls over HTTP, and every kind of WebSocket. */
import WebSocket from 'ws';
import { calls } from '../../contract/calls.ts';
import type { Session } from '../../contract/identity.ts';
import { startStack, type TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { newcomer } from '../functions/identity/service.ts';

export type Frame = Record<string, unknown>;

/** Somebody signed in. */
export interface Somebody {
  user_id: string;
  token: string;
}

interface Given {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
}

export interface Outside {
  stack: TestStack;
  /** Makes a call of the contract by its id. */
  ask<T = { code?: string }>(id: string, who: Somebody, given?: Given): Promise<{ status: number; body: T }>;
  /** The same, where it must be done. */
  must<T = object>(id: string, who: Somebody, given?: Given): Promise<T>;
  register(): Promise<Somebody>;
  open(who: Somebody, protocol?: string): Promise<Socket>;
}

export async function startOutside(): Promise<Outside> {
  const stack = await startStack();
  const ask: Outside['ask'] = async <T>(id: string, who: Somebody, given: Given = {}) => {
    const { params = {}, query = {}, body } = given;
    const found = Object.entries(calls).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, each]) => (each.id === id ? [{ path, method }] : [])),
    )[0]!;
    const path = found.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? '');
    const response = await fetch(`${stack.api}${path}?${new URLSearchParams(query).toString()}`, {
      method: found.method.toUpperCase(),
      headers: { authorization: `Bearer ${who.token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as T };
  };
  const must: Outside['must'] = async <T>(id: string, who: Somebody, given: Given = {}) => {
    const { status, body } = await ask<T>(id, who, given);
    if (status >= 300) throw new Error(`${id}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  return {
    stack,
    ask,
    must,
    register: async () => {
      const body = { ...newcomer(), name: `Outside ${Math.random()}` };
      const { user, token } = await must<Session>('register', { user_id: '', token: '' }, { body });
      return { user_id: user.user_id, token };
    },
    open: async (who, protocol) => Socket.open((await must<{ url: string }>('negotiate', who)).url, protocol),
  };
}

/** A WebSocket and everything that came over it. */
export class Socket {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;
  readonly closed: Promise<number>;
  /** Of an address of `POST /negotiate`. */
  readonly url: string;
  #asked = 0;

  constructor(url: string, protocol?: string) {
    this.url = url;
    this.#socket = protocol === undefined ? new WebSocket(url) : new WebSocket(url, protocol);
    this.#socket.on('message', (data: Buffer) => this.frames.push(JSON.parse(data.toString()) as Frame));
    this.#socket.on('error', () => {});
    this.closed = new Promise((done) => this.#socket.once('close', done));
  }

  static async open(url: string, protocol?: string): Promise<Socket> {
    const socket = new Socket(url, protocol);
    const status = await socket.handshake();
    if (status !== 101) throw new Error(`The handshake was answered with ${status}`);
    // A subprotocol says first who one is.
    if (protocol !== undefined) await until(() => socket.frames.length > 0, { what: 'the first frame' });
    return socket;
  }

  /** The status of the handshake. */
  handshake(): Promise<number> {
    return new Promise((done) => {
      this.#socket.once('open', () => done(101));
      this.#socket.once('unexpected-response', (_request, response) => done(response.statusCode ?? 0));
    });
  }

  send(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  /** Sends a frame of a subprotocol, and answers its acknowledgement. */
  async sendAcknowledged(frame: object): Promise<Frame> {
    const ackId = (this.#asked += 1);
    this.send({ ...frame, ackId });
    return until(() => this.frames.find((each) => each['type'] === 'ack' && each['ackId'] === ackId), {
      what: `the acknowledgement of ${JSON.stringify(frame)}`,
    });
  }

  /** Sends an event of ours, by whatever protocol, and answers our answer. */
  async ask(name: string, fields: object, { framed = false, more = {} } = {}): Promise<Frame> {
    const request_id = `r${(this.#asked += 1)}`;
    const data = { ...fields, request_id };
    if (framed) this.send({ type: 'event', event: name, dataType: 'json', data, ...more });
    else this.send({ action: name, ...data });
    return until(() => this.ours().find((each) => each['request_id'] === request_id), {
      what: `the answer to ${name}`,
    });
  }

  /** What we sent, out of the envelopes of a subprotocol. */
  ours(): Frame[] {
    return this.frames.map((frame) =>
      frame['type'] === 'message' && frame['data'] ? (frame['data'] as Frame) : frame,
    );
  }

  /** Whether anything that came says this. */
  heard(text: string, after = 0): boolean {
    return JSON.stringify(this.frames.slice(after)).includes(text);
  }

  /** The types of what came about something. */
  about(text: string, after = 0): unknown[] {
    return this.ours()
      .slice(after)
      .filter((frame) => JSON.stringify(frame).includes(text))
      .map(({ type }) => type);
  }

  /** The connection breaks, as a network does it. */
  break(): void {
    this.#socket.terminate();
  }

  close(): void {
    this.#socket.close();
  }
}
