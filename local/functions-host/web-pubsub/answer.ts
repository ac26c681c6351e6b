/** What the function returned, as the answer that Web PubSub gets. Pure. */
import type { TypedData } from '../worker/typed-data.ts';
import type { ConnectionContext } from './event.ts';
import { encodeStates, type States } from './states.ts';

export interface WebhookAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

interface Returned {
  code?: string | number;
  errorMessage?: string;
  states?: States;
  userId?: string;
  groups?: string[];
  roles?: string[];
  subprotocol?: string;
  data?: unknown;
  dataType?: string;
}

const errorStatus: Record<string, number> = {
  unauthorized: 401,
  usererror: 400,
  servererror: 500,
  1: 401,
  2: 400,
  3: 500,
};
const contentTypes: Record<string, string> = {
  text: 'text/plain',
  json: 'application/json',
  binary: 'application/octet-stream',
};

export const textAnswer = (status: number, body: string): WebhookAnswer => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body,
});

/** Throws a sentence about a value that Web PubSub cannot be given. */
export function answerOf(value: TypedData | null | undefined, context: ConnectionContext): WebhookAnswer {
  const expectsAnswer = context.eventType === 'User' || context.eventName === 'connect';
  const returned = expectsAnswer ? read(value) : undefined;
  if (!returned) return { status: 200, headers: {}, body: '' };
  const failure = errorStatus[String(returned.code ?? '').toLowerCase()];
  if (failure !== undefined) return textAnswer(failure, returned.errorMessage ?? '');
  const headers: Record<string, string> = {};
  if (returned.states)
    headers['ce-connectionState'] = encodeStates({ ...context.states, ...returned.states });
  if (context.eventType === 'System') {
    const { userId, groups, roles, subprotocol } = returned;
    const body = JSON.stringify({ userId, groups, roles, subprotocol });
    return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, body };
  }
  if (returned.data === undefined || returned.data === null) return { status: 200, headers, body: '' };
  const dataType = (returned.dataType ?? 'text').toLowerCase();
  const contentType = contentTypes[dataType];
  if (contentType === undefined) throw new Error(`'${dataType}' is no dataType; give text, json or binary.`);
  return { status: 200, headers: { ...headers, 'content-type': contentType }, body: dataOf(returned.data) };
}

function read(value: TypedData | null | undefined): Returned | undefined {
  const text = value?.json ?? value?.string;
  if (text === undefined) return undefined;
  let returned: unknown;
  try {
    returned = JSON.parse(text);
  } catch {
    throw new Error(
      'The function returned a text that is not JSON; return an object with data and dataType.',
    );
  }
  if (returned === null) return undefined;
  if (typeof returned !== 'object') throw new Error('The function returned no object.');
  return returned;
}

/** A text, or bytes in the form in which JSON has a Buffer. */
export function dataOf(data: unknown): string | Buffer {
  if (typeof data === 'string') return data;
  const { type, data: bytes } = (data ?? {}) as { type?: unknown; data?: unknown };
  if (type === 'Buffer' && Array.isArray(bytes)) return Buffer.from(bytes as number[]);
  throw new Error('data must be a string or a Buffer; please stringify objects.');
}
