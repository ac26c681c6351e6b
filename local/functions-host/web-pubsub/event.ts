/**
 * An event of Web PubSub as its handler gets it, read from the request that brought it, with the names and forms of
 * the real extension. Pure; it knows no functions.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Upstream } from './connections.ts';
import { decodeStates, type States } from './states.ts';

export interface ConnectionContext {
  eventType: 'System' | 'User';
  eventName: string;
  hub: string;
  connectionId: string;
  userId: string | undefined;
  signature: string | undefined;
  origin: string;
  states: States;
  headers: Record<string, string[]>;
}

export interface WebPubSubEvent {
  connectionContext: ConnectionContext;
  /** Of the connect event. */
  claims?: Record<string, string[]>;
  query?: Record<string, string[]>;
  headers?: Record<string, string[]>;
  subprotocols?: string[];
  clientCertificates?: { thumbprint: string; content?: string }[];
  /** Of the disconnected event. */
  reason?: string | undefined;
  /** Of user events: text, or bytes in the JSON form of a Buffer. */
  data?: string | { type: 'Buffer'; data: number[] };
  dataType?: 'Text' | 'Json' | 'Binary';
}

/** The request is no event of Web PubSub's, with the sentence that it is answered with. */
export class NoEvent extends Error {}

export type Headers = Map<string, string>;

const dataTypes: Record<string, WebPubSubEvent['dataType'] & string> = {
  'text/plain': 'Text',
  'application/json': 'Json',
  'application/octet-stream': 'Binary',
};

/** What the headers say of event and connection. Throws `NoEvent`. */
export function readContext(headers: Headers): ConnectionContext {
  const required = (name: string): string => {
    const value = headers.get(name.toLowerCase());
    if (!value) throw new NoEvent(`The header ${name} is missing.`);
    return value;
  };
  const all = [...headers].map(([name, value]): [string, string[]] => [name, [value]]);
  return {
    eventType: required('ce-type').startsWith('azure.webpubsub.sys.') ? 'System' : 'User',
    eventName: required('ce-eventName'),
    hub: required('ce-hub'),
    connectionId: required('ce-connectionId'),
    origin: required('WebHook-Request-Origin'),
    userId: headers.get('ce-userid'),
    signature: headers.get('ce-signature'),
    states: decodeStates(headers.get('ce-connectionstate')),
    headers: Object.fromEntries(all),
  };
}

/** The whole event. Throws `NoEvent`. */
export function readEvent(context: ConnectionContext, headers: Headers, body: Buffer): WebPubSubEvent {
  if (context.eventType === 'User') return { connectionContext: context, ...userData(headers, body) };
  const content = context.eventName === 'connected' ? {} : readJson(body);
  switch (context.eventName) {
    case 'connect':
      return {
        connectionContext: context,
        claims: {},
        query: {},
        headers: {},
        subprotocols: [],
        clientCertificates: [],
        ...content,
      };
    case 'disconnected':
      return { connectionContext: context, reason: (content as { reason?: string }).reason };
    default:
      return { connectionContext: context };
  }
}

function userData(headers: Headers, body: Buffer): Pick<WebPubSubEvent, 'data' | 'dataType'> {
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const dataType = dataTypes[type];
  if (!dataType)
    throw new NoEvent(`Message only supports ${Object.keys(dataTypes).join(', ')}; this is '${type}'.`);
  return { dataType, data: dataType === 'Binary' ? body.toJSON() : body.toString() };
}

function readJson(body: Buffer): object {
  try {
    const content = body.length === 0 ? {} : (JSON.parse(body.toString()) as unknown);
    return typeof content === 'object' && content !== null ? content : {};
  } catch {
    throw new NoEvent('The body is not JSON.');
  }
}

/** The host names, without ports, of an origin header. */
export const originHosts = (origin: string): string[] =>
  origin.split(',').map((each) => (each.trim().split(':')[0] ?? '').toLowerCase());

/** Whether one of these services may send events from these origins; without services everybody may. */
export const isKnownOrigin = (origin: string, upstreams: Upstream[]): boolean =>
  upstreams.length === 0 || originHosts(origin).some((host) => upstreams.some((each) => each.host === host));

/** Whether one of these services has signed the event; those without a key are believed. */
export function isSigned(
  { origin, signature, connectionId }: ConnectionContext,
  upstreams: Upstream[],
): boolean {
  if (upstreams.length === 0) return true;
  const given = (signature ?? '').split(',').map((each) => each.trim().toLowerCase());
  const senders = upstreams.filter(({ host }) => originHosts(origin).includes(host));
  return senders.some(({ accessKey }) => {
    if (accessKey === undefined) return true;
    const expected = Buffer.from(
      `sha256=${createHmac('sha256', accessKey).update(connectionId).digest('hex')}`,
    );
    return given.some(
      (each) => each.length === expected.length && timingSafeEqual(Buffer.from(each), expected),
    );
  });
}
