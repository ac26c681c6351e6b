/** Wrong requests to every call of the REST API, as `contract/calls.ts` lists them, and to the webhook. */
import * as fc from 'fast-check';
import { calls, type Call } from '../../contract/calls.ts';
import { clientEvents } from '../../contract/events.ts';
import { newId } from '../../functions/platform/ids.ts';
import { asciiText, changed, wrongBody } from './near-valid.ts';
import { nowhere, signatureOf, webhookCode, type Scene, type Sent } from './scene.ts';

const as = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

const withOther = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

/** What is no part of a path by the time that it is sent. */
const ofAddress = /^(\.|%2e){0,2}$/i;

/** A right body for each call that takes one, from which the wrong ones are made. */
const rightBodies: Record<string, (roomId: string) => Record<string, unknown>> = {
  signInAsGuest: () => ({ name: 'Somebody' }),
  register: () => ({ email: 'a@example.org', password: 'good enough', name: 'Somebody' }),
  signIn: () => ({ email: 'a@example.org', password: 'good enough' }),
  signInWithProvider: () => ({ provider: 'x', id_token: 'a.b.c', nonce: '0123456789abcdef' }),
  refreshSession: () => ({ refresh_token: 'x' }),
  changePassword: () => ({ current: 'x', password: 'good enough' }),
  createKey: (roomId) => ({ name: 'Key', rooms: [roomId], calls: ['publish'] }),
  createRoom: () => ({ name: 'Pier', description: 'By the sea', id: newId() }),
  changeRoom: () => ({ name: 'Mole', description: 'By the sea' }),
  markRead: () => ({ seq: 2 }),
  invite: () => ({ user_id: newId() }),
  answerInvitation: () => ({ answer: 'accept' }),
  requestToJoin: () => ({ note: 'Let me in' }),
  decideJoinRequest: () => ({ decision: 'admit' }),
  changeMember: () => ({ role: 'moderator' }),
  removeMember: () => ({ reason: 'Noise' }),
  putBan: () => ({ reason: 'Noise' }),
  putMute: () => ({ reason: 'Noise' }),
  removeMessage: () => ({ reason: 'Noise' }),
  reportMessage: () => ({ seq: 1, reason: 'Noise' }),
  decideReport: () => ({ decision: 'acted' }),
  publish: (roomId) => ({ room_id: roomId, content: 'hello', message_id: newId() }),
};

/** Requests of which each is to be refused, or asks for something and changes nothing. */
export function wrongRequests(scene: Scene): fc.Arbitrary<Sent> {
  const each = Object.entries(calls).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, call]) =>
      wrongRequest(scene, { path, method: method.toUpperCase(), call }),
    ),
  );
  return fc.oneof(...each, { weight: 3, arbitrary: wrongEvent(scene) });
}

function wrongRequest(scene: Scene, { path, method, call }: { path: string; method: string; call: Call }) {
  const badToken = fc.oneof(
    fc.constant({}),
    asciiText.map((token) => as(token.trim())),
    fc
      // The last character has bits that nobody reads.
      .nat(scene.owner.length - 2)
      .map((at) => as(withOther(scene.owner, at))),
  );
  const goodToken = fc.constantFrom(as(scene.owner), as(scene.stranger));
  const badId = fc
    .oneof(asciiText.map(encodeURIComponent), fc.constant(nowhere))
    .filter((id) => !ofAddress.test(id));
  const anyId = fc.oneof(fc.constant(scene.roomId), badId);
  const query = fc.dictionary(
    fc.oneof(fc.constantFrom('limit', 'cursor', 'query', 'before', 'after'), asciiText),
    fc.oneof(asciiText, fc.integer().map(String)),
    { maxKeys: 3 },
  );
  const sent = (parts: {
    id: fc.Arbitrary<string>;
    headers: fc.Arbitrary<Record<string, string>>;
    body?: fc.Arbitrary<string>;
  }): fc.Arbitrary<Sent> =>
    fc
      .record({
        id: parts.id,
        other: badId,
        headers: parts.headers,
        query,
        body: parts.body ?? fc.constant(undefined),
      })
      .map(({ id, other, headers, query: asked, body }) => ({
        method,
        path: `${path.replace('{id}', id).replace(/\{\w+\}/, other)}?${new URLSearchParams(asked).toString()}`,
        headers,
        ...(body !== undefined && { body }),
      }));

  if (method === 'GET') return sent({ id: anyId, headers: fc.oneof(badToken, goodToken) });
  const right = rightBodies[call.id]?.(scene.roomId);
  const body = right && fc.constant(JSON.stringify(right));
  const kinds: fc.Arbitrary<Sent>[] = [];
  if (!call.open) kinds.push(sent({ id: anyId, headers: badToken, ...(body && { body }) }));
  if (call.body && right)
    kinds.push(
      sent({ id: anyId, headers: fc.oneof(badToken, goodToken), body: wrongBody(call.body, right) }),
    );
  // Who may not do it, and where there is nothing to do it to.
  if (path.includes('{id}')) {
    kinds.push(sent({ id: badId, headers: goodToken, ...(body && { body }) }));
    kinds.push(
      sent({
        id: fc.constant(scene.roomId),
        headers: fc.constant(as(scene.stranger)),
        ...(body && { body }),
      }),
    );
  }
  // What somebody else may have, or nobody has. Anybody can be blocked whose id one knows, even who never connected.
  else if (path.includes('{') && call.id !== 'block') {
    kinds.push(sent({ id: badId, headers: goodToken, ...(body && { body }) }));
  }
  if (call.id === 'publish')
    kinds.push(sent({ id: badId, headers: fc.constant(as(scene.stranger)), ...(body && { body }) }));
  // What takes no body, or none that is wrong by itself.
  if (kinds.length === 0) kinds.push(sent({ id: anyId, headers: badToken }));
  return fc.oneof(...kinds);
}

/** A tab is the one control that a header can hold. */
const headerText = fc.oneof(
  asciiText.map((any) => any.trim()),
  fc.constantFrom('a\tb', 'a/b', '#', "a'b", 'ü', 'x'.repeat(600), 'x'.repeat(1_500)),
);

/** An event as Web PubSub would send it, but for its body, or for one of its headers. */
function wrongEvent(scene: Scene): fc.Arbitrary<Sent> {
  const event = fc.constantFrom<keyof typeof clientEvents>('join', 'leave');
  const header = fc.constantFrom(
    'ce-type',
    'ce-eventname',
    'ce-hub',
    'ce-connectionid',
    'ce-userid',
    'ce-signature',
  );
  const exchanged = fc.tuple(header, headerText).map(([name, value]) => ({ [name]: value }));
  const code = fc.oneof({ weight: 4, arbitrary: fc.constant(webhookCode) }, asciiText);
  const build = (parts: {
    name: string;
    body: string;
    headers?: Record<string, string>;
    code: string;
    once: string;
  }): Sent => ({
    method: 'POST',
    path: `/webpubsub/events?${new URLSearchParams({ code: parts.code }).toString()}`,
    headers: {
      'ce-specversion': '1.0',
      'ce-type': `azure.webpubsub.user.${parts.name}`,
      'ce-eventname': parts.name,
      'ce-hub': 'chat',
      // No two connections have one id, nor do two of these belong to one person.
      'ce-connectionid': parts.once,
      'ce-userid': parts.once,
      'ce-signature': signatureOf(parts.once),
      ...parts.headers,
    },
    body: parts.body,
  });
  const right = { room_id: scene.roomId, request_id: 'x' };
  const wrong = event.chain((name) =>
    fc.record({ name: fc.constant(name), body: wrongBody(clientEvents[name], right), code }),
  );
  const asText = fc.record({
    name: fc.constant('message'),
    body: changed({ action: 'shout', room_id: nowhere }).map((body) => JSON.stringify(body)),
    code,
  });
  const elsewhere = fc.record({
    name: event,
    body: fc.constant(JSON.stringify({ room_id: nowhere })),
    headers: exchanged,
    code,
  });
  // Of people and connections that are nobody's, or no possible ones.
  const life = fc.record({
    name: fc.constantFrom('connect', 'connected', 'disconnected'),
    body: fc.oneof(fc.constant('{}'), asciiText),
    headers: headerText.map((given) => ({ 'ce-userid': given })),
    code: fc.constant(webhookCode),
  });
  const system = life.map(({ name, headers, ...rest }) => ({
    ...rest,
    name,
    headers: { ...headers, 'ce-type': `azure.webpubsub.sys.${name}` },
  }));
  const signed = headerText.map((id) => ({
    name: 'connect',
    body: '{}',
    headers: {
      'ce-type': 'azure.webpubsub.sys.connect',
      'ce-connectionid': id,
      'ce-signature': signatureOf(id),
    },
    code: webhookCode,
  }));
  return fc
    .tuple(fc.oneof(wrong, asText, elsewhere, system, signed), fc.noBias(fc.uuid()))
    .map(([given, once]) => build({ ...given, once }));
}
