/**
 * From a client's request to an open connection: address, token, the handler's `connect`, subprotocol, upgrade.
 * Everything that can be refused is refused before the upgrade, with a `Refusal`.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { badRequest, invalidGroup, notServed, unsupportedSubprotocol } from '../errors.ts';
import { isGroupName } from '../names.ts';
import type { PubSub, ServedHub } from '../service.ts';
import type { Claims } from '../signed-token.ts';
import { normalise } from '../tokens.ts';
import { askConnect } from '../upstream/connect-event.ts';
import { EventSequence } from '../upstream/event-sequence.ts';
import { Connection, type Protocol, type RawTarget } from './connection.ts';
import { Roles } from './roles.ts';

const protocols = new Map<string, Protocol>([
  ['json.webpubsub.azure.v1', { format: 'json', isReliable: false }],
  ['json.reliable.webpubsub.azure.v1', { format: 'json', isReliable: true }],
  ['protobuf.webpubsub.azure.v1', { format: 'protobuf', isReliable: false }],
  ['protobuf.reliable.webpubsub.azure.v1', { format: 'protobuf', isReliable: true }],
]);
const raw: Protocol = { format: 'raw', isReliable: false };

/** An accepted client, before its upgrade: in no hub yet. */
export interface Accepted {
  connection: Connection;
  groups: string[];
}

/** Decides on a new client. Throws a `Refusal`. */
export async function accept(
  pubSub: PubSub,
  served: ServedHub,
  request: { message: IncomingMessage; url: URL },
): Promise<Accepted> {
  const { message, url } = request;
  const claims = authenticate(pubSub, served, request);
  const rawTarget = readRawTarget(url);
  const offered = readSubprotocols(message);
  const id = randomBytes(16).toString('base64url');
  const userId = claims.sub;
  const groups = readTexts(claims['webpubsub.group']);
  refuseBadGroups(groups);

  const events = new EventSequence(served.upstream, {
    hub: served.hub.name,
    connectionId: id,
    userId,
    subprotocol: '',
  });
  const answer = await askConnect(events, { message, url, claims, subprotocols: offered });
  const subprotocol = chooseSubprotocol(offered, answer);
  const accepted = {
    id,
    // A handler may take the user away with an empty name.
    userId: (answer?.userId ?? userId) || undefined,
    roles: new Roles(answer?.roles ?? readTexts(claims['role'])),
    protocol: protocols.get(subprotocol) ?? raw,
    subprotocol,
    rawTarget,
    events,
  } as const;
  events.accept(accepted.userId, subprotocol);
  const connection = new Connection(served.hub, pubSub.config, accepted);
  return { connection, groups: answer?.groups?.length ? answer.groups : groups };
}

function authenticate(
  pubSub: PubSub,
  served: ServedHub,
  { message, url }: { message: IncomingMessage; url: URL },
): Claims {
  const bearer = /^bearer (.+)$/i.exec(message.headers.authorization ?? '')?.[1];
  const token = url.searchParams.get('access_token') ?? bearer;
  if (!token && served.anonymous) return {};
  const hosts = [`http://${message.headers.host}`, `https://${message.headers.host}`];
  const audiences = [...hosts, ...pubSub.config.publicEndpoints].map((endpoint) =>
    normalise(`${endpoint.replace(/\/$/, '')}/client/hubs/${served.hub.name}`),
  );
  return pubSub.tokens.verify(token, new Set(audiences));
}

/** `?webpubsub_mode=sendToGroup&group=G[&noEcho=true]`. */
function readRawTarget(url: URL): RawTarget | undefined {
  const mode = last(url, 'webpubsub_mode') || 'sendEvent';
  if (mode.toLowerCase() === 'sendevent') return undefined;
  if (mode.toLowerCase() !== 'sendtogroup') throw badRequest(`Unknown mode '${mode}'.`, 'webpubsub_mode');
  const group = last(url, 'group');
  if (!isGroupName(group)) throw invalidGroup(group);
  const noEcho = (last(url, 'noEcho') || 'false').toLowerCase();
  if (noEcho !== 'true' && noEcho !== 'false') throw badRequest('noEcho must be true or false.', 'noEcho');
  return { group, noEcho: noEcho === 'true' };
}

/** Of a repeated parameter the last value counts. */
const last = (url: URL, name: string): string => url.searchParams.getAll(name).at(-1) ?? '';

/** What the client offers, in its order. */
export function readSubprotocols(message: IncomingMessage): string[] {
  const header = message.headers['sec-websocket-protocol'] ?? '';
  return header
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function refuseBadGroups(groups: string[]): void {
  const bad = groups.find((group) => !isGroupName(group));
  if (bad !== undefined) throw invalidGroup(bad);
}

/** Spoken by the real service as well: such a client would not understand what a raw client gets. */
const unserved = 'mqtt';

/** What the handler chose, else the first that is supported. An unknown one that the handler let in is raw. */
function chooseSubprotocol(offered: string[], answer: { subprotocol?: string } | undefined): string {
  const supported = answer?.subprotocol ?? offered.find((name) => protocols.has(name));
  const wanted = supported ?? offered.find((name) => name === unserved);
  if (wanted === unserved) throw notServed(`The subprotocol ${unserved}`);
  if (supported) return supported;
  if (offered.length > 0 && !answer) throw unsupportedSubprotocol(offered.join(', '));
  return '';
}

const readTexts = (claim: unknown): string[] =>
  (Array.isArray(claim) ? claim : [claim]).filter((value): value is string => typeof value === 'string');
