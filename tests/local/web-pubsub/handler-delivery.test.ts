/** Getting events to a handler: its consent, retries, which handler of several, and one that is not there. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../support/ports.ts';
import { everythingTo, startEventHandler, type EventHandler } from './event-handler.ts';
import { startService, type RunningService, type Settings } from './running-service.ts';
import { clientUrl, connect, HandshakeRefused, json, Socket } from './socket.ts';

let handler: EventHandler;
beforeEach(async () => {
  handler = await startEventHandler();
});

const services: RunningService[] = [];
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop()));
  await handler.stop();
});

async function start(settings: Settings): Promise<RunningService> {
  const service = await startService(settings);
  services.push(service);
  return service;
}

const quick = { RetryDelaysSeconds: [0, 0, 0] };
const onlyEvents = (UrlTemplate: string, EventPattern = '*') => ({
  _default: { EventHandlers: [{ UrlTemplate, EventPattern }] },
});
const raise = (event: string, ackId: number) => ({ type: 'event', event, data: 1, ackId });

async function refusalStatus(service: RunningService): Promise<number> {
  const socket = new Socket(await clientUrl(service.host), [json]);
  const error: unknown = await socket.opened.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HandshakeRefused);
  return (error as HandshakeRefused).status;
}

describe('consent', () => {
  it('is asked once, before the first event, at the address of `validate`', async () => {
    const service = await start({ Hubs: everythingTo(`${handler.url}/{hub}/{event}?code=s3cret`) });
    const { socket } = await connect(service.host, json);
    await socket.ask(raise('x', 1));
    expect(handler.validations).toHaveLength(1);
    expect(handler.validations[0]).toMatchObject({
      method: 'OPTIONS',
      path: '/chat/validate?code=s3cret',
      headers: { 'webhook-request-origin': 'localhost' },
    });
    expect(handler.events.map(({ path }) => path)).toContain('/chat/x?code=s3cret');
  });

  it('is asked once also by those who come at one time', async () => {
    const service = await start({ Hubs: everythingTo(handler.url) });
    await Promise.all(Array.from({ length: 10 }, () => connect(service.host, json)));
    expect(handler.validations).toHaveLength(1);
  });

  it('is asked again when it has aged', async () => {
    const service = await start({
      Hubs: onlyEvents(handler.url),
      Local: { ValidationSeconds: 0.001 },
    });
    const { socket } = await connect(service.host, json);
    for (const ackId of [1, 2]) expect(await socket.ask(raise('x', ackId))).toMatchObject({ success: true });
    expect(handler.validations.length).toBeGreaterThan(1);
  });

  it.each([
    ['the origin by name', () => ({ headers: { 'WebHook-Allowed-Origin': 'LocalHost' } })],
    [
      'GET where OPTIONS is unknown',
      ({ method }: { method: string }) =>
        method === 'OPTIONS' ? { status: 404 } : { headers: { 'WebHook-Allowed-Origin': '*' } },
    ],
  ])('may be given by %s', async (_what, answer) => {
    handler.consent(answer);
    const service = await start({ Hubs: onlyEvents(handler.url) });
    const { socket } = await connect(service.host, json);
    expect(await socket.ask(raise('x', 1))).toMatchObject({ success: true });
  });

  it.each([
    ['no header', () => undefined],
    ['another origin', () => ({ headers: { 'WebHook-Allowed-Origin': 'example.net' } })],
    ['a refusal', () => ({ status: 403, headers: { 'WebHook-Allowed-Origin': '*' } })],
  ])('that fails with %s keeps every event away', async (_what, answer) => {
    handler.consent(answer);
    const service = await start({ Hubs: everythingTo(handler.url), Local: quick });
    expect(await refusalStatus(service)).toBe(502);
    expect(handler.events).toEqual([]);
    expect(handler.validations).toHaveLength(1);
  });

  it('that failed is asked for again at the next event', async () => {
    handler.consent(() => ({ status: 403 }));
    const service = await start({ Hubs: onlyEvents(handler.url), Local: quick });
    const { socket } = await connect(service.host, json);
    expect(await socket.ask(raise('x', 1))).toMatchObject({ success: false });
    handler.consent(() => ({ headers: { 'WebHook-Allowed-Origin': '*' } }));
    expect(await socket.ask(raise('x', 1))).toMatchObject({ success: true });
  });
});

it('events that follow each other share a connection', async () => {
  const service = await start({ Hubs: onlyEvents(handler.url) });
  const { socket } = await connect(service.host, json);
  for (let ackId = 1; ackId <= 10; ackId += 1) await socket.ask(raise('x', ackId));
  expect(handler.events).toHaveLength(10);
  // A slow machine may let one or the other go unused for too long.
  expect(handler.connections()).toBeLessThan(10);
});

describe('retries', () => {
  it.each([500, 503, 408])('repeat the same event after %d, four tries in all', async (status) => {
    let tries = 0;
    handler.respond(() => (++tries < 4 ? { status } : undefined));
    const service = await start({ Hubs: onlyEvents(handler.url), Local: quick });
    const { socket } = await connect(service.host, json);
    expect(await socket.ask(raise('x', 1))).toMatchObject({ success: true });
    expect(handler.events.map(({ headers }) => headers['ce-id'])).toEqual(['1', '1', '1', '1']);
  });

  it('end after the fourth try', async () => {
    handler.respond(() => ({ status: 500 }));
    const service = await start({ Hubs: onlyEvents(handler.url), Local: quick });
    const { socket } = await connect(service.host, json);
    expect(await socket.ask(raise('x', 1))).toMatchObject({ success: false });
    expect(handler.events).toHaveLength(4);
  });

  it.each([400, 401, 404, 429])('do not follow %d', async (status) => {
    handler.respond(() => ({ status }));
    const service = await start({ Hubs: onlyEvents(handler.url), Local: quick });
    const { socket } = await connect(service.host, json);
    expect(await socket.ask(raise('x', 1))).toMatchObject({ success: false });
    expect(handler.events).toHaveLength(1);
  });

  it('do not follow a handler that takes too long', async () => {
    handler.respond(({ headers }) =>
      headers['ce-eventname'] === 'slow' ? new Promise(() => undefined) : undefined,
    );
    const service = await start({
      Hubs: onlyEvents(handler.url),
      Local: { ...quick, EventTimeoutSeconds: 0.1 },
    });
    const { socket } = await connect(service.host, json);
    expect(await socket.ask(raise('slow', 1))).toMatchObject({ success: false });
    expect(handler.events).toHaveLength(1);
    expect(await socket.ask(raise('next', 2))).toMatchObject({ success: true });
  });

  it('reach a handler that only starts meanwhile', async () => {
    const port = await freePort();
    const service = await start({
      Hubs: onlyEvents(`http://localhost:${port}`),
      Local: { RetryDelaysSeconds: Array.from({ length: 200 }, () => 0.02) },
    });
    const { socket } = await connect(service.host, json);
    socket.send(raise('x', 1));
    expect(await socket.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    const late = await startEventHandler(port);
    expect(await socket.next()).toMatchObject({ ackId: 1, success: true });
    await late.stop();
  });
});

describe('a handler that is not there', () => {
  it('refuses clients where it must be asked', async () => {
    const service = await start({
      Hubs: everythingTo(`http://localhost:${await freePort()}`),
      Local: quick,
    });
    expect(await refusalStatus(service)).toBe(502);
  });

  it('does not keep the service from stopping', async () => {
    const service = await startService({
      Hubs: {
        _default: {
          EventHandlers: [
            {
              UrlTemplate: `http://localhost:${await freePort()}`,
              SystemEvents: ['connected', 'disconnected'],
            },
          ],
        },
      },
      Local: { RetryDelaysSeconds: [3600] },
    });
    const { socket } = await connect(service.host, json);
    await service.stop();
    expect(await socket.closed).toMatchObject({ code: 1001 });
  });
});

describe('of several handlers', () => {
  it('the first that takes the event gets it, names compared without case', async () => {
    const service = await start({
      Hubs: {
        chat: {
          EventHandlers: [
            { UrlTemplate: `${handler.url}/first/{event}`, EventPattern: 'join, leave' },
            { UrlTemplate: `${handler.url}/second/{event}`, EventPattern: '*' },
          ],
        },
        _default: { EventHandlers: [{ UrlTemplate: `${handler.url}/default`, EventPattern: '*' }] },
      },
    });
    const chat = await connect(service.host, json, { hub: 'chat' });
    for (const [ackId, event] of ['LEAVE', 'other', 'join'].entries()) {
      await chat.socket.ask(raise(event, ackId));
    }
    const other = await connect(service.host, json, { hub: 'other' });
    await other.socket.ask(raise('join', 1));
    expect(handler.events.map(({ path }) => path)).toEqual([
      '/first/LEAVE',
      '/second/other',
      '/first/join',
      '/default',
    ]);
  });

  it('none takes what no pattern names', async () => {
    const service = await start({ Hubs: onlyEvents(handler.url, 'join,leave') });
    const { socket } = await connect(service.host, json);
    expect(await socket.ask(raise('other', 1))).toMatchObject({ success: false });
    expect(handler.events).toEqual([]);
  });
});
