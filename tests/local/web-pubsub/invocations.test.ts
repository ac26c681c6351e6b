/** Events that a client waits for the answer of: what the official client makes of them, and the frames themselves. */
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { InvocationError, WebPubSubClient } from '@azure/web-pubsub-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { everythingTo, startEventHandler, type Answer, type EventHandler } from './event-handler.ts';
import { startService, type RunningService } from './running-service.ts';
import { connect, json, reliable, type Socket } from './socket.ts';

let handler: EventHandler;
let service: RunningService;
beforeAll(async () => {
  handler = await startEventHandler();
  const Hubs = { ...everythingTo(handler.url), unhandled: {} };
  service = await startService({ Hubs, Local: { RetryDelaysSeconds: [] } });
});
afterAll(async () => {
  await service.stop();
  await handler.stop();
});
beforeEach(() => {
  handler.events.length = 0;
  handler.respond(() => undefined);
});

const asJson = (body: string): Answer => ({ headers: { 'content-type': 'application/json' }, body });
const raised = (name: string) => handler.events.filter(({ headers }) => headers['ce-eventname'] === name);

/** Answers the events of a name when told to. */
function holdBack(name: string): (answer: Answer) => void {
  let release = (_answer: Answer): void => {};
  const held = new Promise<Answer>((done) => (release = done));
  handler.respond(({ headers }) => (headers['ce-eventname'] === name ? held : undefined));
  return release;
}

describe('the official client', () => {
  let client: WebPubSubClient;
  const start = async (hub = 'chat'): Promise<WebPubSubClient> => {
    const rest = new WebPubSubServiceClient(service.connectionString, hub, { allowInsecureConnection: true });
    client = new WebPubSubClient((await rest.getClientAccessToken()).url);
    await client.start();
    return client;
  };
  afterEach(() => client.stop());

  it.each([
    ['JSON', asJson('{"sum":5}'), { dataType: 'json', data: { sum: 5 } }],
    ['text', { headers: { 'content-type': 'text/plain' }, body: 'five' }, { dataType: 'text', data: 'five' }],
    ['bytes', { body: Buffer.from([5]) }, { dataType: 'binary', data: new Uint8Array([5]).buffer }],
    ['nothing', undefined, { data: undefined }],
  ])('gets an answer of %s', async (_what, answer, expected) => {
    await start();
    handler.respond(({ headers }) => (headers['ce-eventname'] === 'add' ? answer : undefined));
    expect(await client.invokeEvent('add', [2, 3], 'json')).toMatchObject(expected);
    expect((await handler.event('add')).body.toString()).toBe('[2,3]');
  });

  it.each([
    ['a handler that fails', 'chat', 'the event handler answered 400'],
    ['a hub without a handler', 'unhandled', 'no event handler takes it'],
  ])('learns of %s, and stays connected', async (_what, hub, reason) => {
    handler.respond(({ headers }) => (headers['ce-eventname'] === 'fail' ? { status: 400 } : undefined));
    await start(hub);
    const error: unknown = await client.invokeEvent('fail', 'x', 'text').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvocationError);
    const { errorDetail } = error as InvocationError;
    expect(errorDetail?.name).toBe('InternalServerError');
    expect(errorDetail?.message.toLowerCase()).toContain(reason);
    await client.sendEvent('after', 'x', 'text', { fireAndForget: true });
  });

  it('may give up waiting, and goes on', async () => {
    await start();
    const release = holdBack('slow');
    const abort = new AbortController();
    const invoked = client.invokeEvent('slow', 'x', 'text', { abortSignal: abort.signal });
    await handler.event('slow');
    abort.abort();
    await expect(invoked).rejects.toBeInstanceOf(InvocationError);
    release(asJson('"late"'));
    await client.sendEvent('after', 'x', 'text');
  });
});

describe.each([json, reliable] as const)('a client of %s', (protocol) => {
  const sockets: Socket[] = [];
  const open = async (): Promise<Socket> => {
    const { socket } = await connect(service.host, protocol);
    sockets.push(socket);
    return socket;
  };
  afterEach(() => sockets.splice(0).forEach(({ ws }) => ws.terminate()));
  const invoke = (invocationId: string, more: object = {}) => ({
    type: 'invoke',
    invocationId,
    target: 'event',
    event: 'ask',
    ...more,
  });

  it('gets the answer under its id, its JSON as the handler wrote it', async () => {
    const socket = await open();
    handler.respond(({ headers }) =>
      headers['ce-eventname'] === 'ask' ? asJson('[12345678901234567890]') : undefined,
    );
    socket.ws.send(JSON.stringify(invoke('i')));
    const text = await new Promise((done) =>
      socket.ws.once('message', (data: Buffer) => done(data.toString())),
    );
    expect(text).toBe(
      '{"type":"invokeResponse","invocationId":"i","success":true,"dataType":"json","data":[12345678901234567890]}',
    );
  });

  it('may invoke without data, and with metadata', async () => {
    const socket = await open();
    expect(await socket.ask(invoke('i', { metadata: { trace: '7' } }))).toEqual({
      type: 'invokeResponse',
      invocationId: 'i',
      success: true,
    });
    const { headers, body } = await handler.event('ask');
    expect(headers['x-webpubsub-metadata-trace']).toBe('7');
    expect(headers['ce-type']).toBe('azure.webpubsub.user.ask');
    expect(body).toHaveLength(0);
  });

  it('is answered in the order of its events', async () => {
    const socket = await open();
    const release = holdBack('ask');
    socket.send(invoke('first'));
    socket.send({ type: 'event', event: 'second', data: 1, ackId: 2 });
    await handler.event('ask');
    expect(raised('second')).toEqual([]);
    release({ status: 204 });
    expect(await socket.next()).toMatchObject({ invocationId: 'first' });
    expect(await socket.next()).toMatchObject({ ackId: 2 });
  });

  it('hears nothing of what it has cancelled, and what had not had its turn is not raised', async () => {
    const socket = await open();
    const release = holdBack('ask');
    socket.send(invoke('under way'));
    socket.send(invoke('waiting', { event: 'never' }));
    await handler.event('ask');
    socket.send({ type: 'cancelInvocation', invocationId: 'under way' });
    socket.send({ type: 'cancelInvocation', invocationId: 'waiting' });
    socket.send({ type: 'cancelInvocation', invocationId: 'unknown' });
    expect(await socket.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    release(asJson('1'));
    expect(await socket.ask(invoke('later'))).toMatchObject({ invocationId: 'later', success: true });
    expect(raised('never')).toEqual([]);
  });

  it('cannot invoke twice under one id at a time', async () => {
    const socket = await open();
    const release = holdBack('ask');
    socket.send(invoke('i'));
    await handler.event('ask');
    expect(await socket.ask(invoke('i'))).toMatchObject({ success: false, error: { name: 'BadRequest' } });
    release({ status: 204 });
    expect(await socket.next()).toMatchObject({ invocationId: 'i', success: true });
    expect(await socket.ask(invoke('i'))).toMatchObject({ success: true });
  });

  it.each([
    ['no id', { type: 'invoke', target: 'event', event: 'ask' }],
    ['no event', { type: 'invoke', invocationId: 'i' }],
    ['another target', { ...invoke('i'), target: 'group' }],
    ['data that is not of its type', invoke('i', { dataType: 'text', data: 5 })],
    ['no id to cancel', { type: 'cancelInvocation' }],
  ])('is closed with 1007 for %s', async (_what, frame) => {
    const socket = await open();
    socket.send(frame);
    expect((await socket.closed).code).toBe(1007);
  });

  it('suffers the faults of an invocation', async () => {
    const socket = await open();
    const fault = (faults: object[]) =>
      fetch(`http://${service.host}/faults`, { method: 'PUT', body: JSON.stringify({ faults }) });
    await fault([{ on: 'frame.invoke ask', action: 'error', error: 'TooBusy', times: 1 }]);
    expect(await socket.ask(invoke('i'))).toMatchObject({ success: false, error: { name: 'TooBusy' } });
    await fault([]);
    await until(async () => (await socket.ask(invoke('i')))['success'] === true);
  });
});
