/** Faults on request, at each place where the host meets them; and what the host says of what it has done. */
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { Bus } from './bus.ts';
import { Recorder } from './recorder.ts';
import { appFolder, startHost, temporaryApp, appCode, type RunningHost } from './running-host.ts';

let bus: Bus;
let recorder: Recorder;
let host: RunningHost;
let client: ServiceBusClient;
const app = temporaryApp({
  'index.cjs': `require(${JSON.stringify(`${appFolder('bus')}/index.cjs`)});\n${appCode(`
    let calls = 0;
    app.http('count', { route: 'counts/{name}', handler: () => ({ body: String(++calls) }) });
    app.http('look', { handler: () => ({ body: String(calls) + ' ' + process.pid }) });
    app.http('fail', { handler: () => { throw new Error('on purpose'); } });`)}`,
});

beforeAll(async () => {
  bus = await Bus.prepare();
  recorder = await Recorder.start();
  recorder.decide = (report) => report.pass();
  await bus.start();
  client = new ServiceBusClient(bus.connectionString);
  host = await startHost(app.folder, {
    env: { Bus: bus.connectionString, RECORDER: recorder.url, ONE_QUEUE: 'one' },
  });
});
afterAll(async () => {
  await host.stop();
  await client.close();
  recorder.stop();
  await bus.remove();
  app.remove();
});

const faultsUrl = (): string => `${host.url}/admin/faults`;
const put = async (...faults: object[]): Promise<void> => {
  const answer = await fetch(faultsUrl(), { method: 'PUT', body: JSON.stringify({ faults }) });
  expect(answer.status).toBe(200);
};
const struck = async (): Promise<number[]> => {
  const { faults } = (await (await fetch(faultsUrl())).json()) as { faults: { struck: number }[] };
  return faults.map((fault) => fault.struck);
};
afterEach(() => fetch(faultsUrl(), { method: 'DELETE' }));

const call = (path: string, init?: RequestInit): Promise<Response> => fetch(`${host.url}/api/${path}`, init);
const look = async (): Promise<{ calls: number; pid: number }> => {
  const [calls, pid] = (await (await call('look')).text()).split(' ').map(Number);
  return { calls: calls!, pid: pid! };
};

describe('a fault of a request', () => {
  it('before it, refuses it with the status that was asked for, and the function does not run', async () => {
    const { calls } = await look();
    await put({ on: 'request GET /api/counts/{name}', action: 'error', error: 429, retryAfter: 7, times: 1 });
    const refused = await call('counts/a');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await look()).calls).toBe(calls);
    expect((await call('counts/a')).status).toBe(200);
    expect(await struck()).toEqual([1]);
  });

  it('after it, lets the function run and loses its answer', async () => {
    const { calls } = await look();
    await put(
      { on: 'request GET /api/counts/*', action: 'error', when: 'after', times: 1 },
      { on: 'request GET /api/counts/*', action: 'disconnect', when: 'after', times: 1 },
    );
    expect((await call('counts/a')).status).toBe(503);
    await expect(call('counts/a')).rejects.toThrow('fetch failed');
    expect((await look()).calls).toBe(calls + 2);
  });

  it('may leave the caller without an answer, or hold the call until the faults change', async () => {
    await put(
      { on: 'request GET *', action: 'drop', times: 1 },
      { on: 'request GET *', action: 'hold', times: 1 },
    );
    const caller = new AbortController();
    const dropped = call('counts/a', { signal: caller.signal });
    await until(async () => (await struck())[0] === 1);
    const held = call('counts/a');
    await until(async () => (await struck())[1] === 1);
    caller.abort();
    await expect(dropped).rejects.toThrow('aborted');
    await put();
    expect((await held).status).toBe(200);
  });
});

describe('a fault of an invocation', () => {
  it('fails it without the function, or after it has run', async () => {
    const { calls } = await look();
    await put({ on: 'invoke count', action: 'error', times: 1 });
    expect((await call('counts/a')).status).toBe(500);
    expect((await look()).calls).toBe(calls);
    await put({ on: 'invoke count', action: 'error', when: 'after', times: 1 });
    expect((await call('counts/a')).status).toBe(500);
    expect((await look()).calls).toBe(calls + 1);
  });

  it('by disconnecting ends the process of the app, as a crash does', async () => {
    const { pid } = await look();
    await put({ on: 'invoke count', action: 'disconnect', times: 1 });
    expect((await call('counts/a')).status).toBe(500);
    await until(async () => (await look()).pid !== pid);
  });
});

it('a fault of a completion has the message handed out again, though the function has run', async () => {
  await put({ on: 'complete one', action: 'drop', times: 1 });
  const sender = client.createSender('one');
  await sender.sendMessages({ body: 'twice', messageId: 'twice' });
  await sender.close();
  const deliveries = (): unknown[] => recorder.of('one').map(({ metadata }) => metadata['deliveryCount']);
  await until(() => deliveries().length === 2, { what: 'the second delivery' });
  expect(deliveries()).toEqual([1, 2]);
});

it('tells what its functions have done, and of the latest invocations', async () => {
  await Promise.all([call('fail'), call('fail')]);
  const activity = (await (await fetch(`${host.url}/admin/host/activity`)).json()) as {
    state: string;
    functions: { name: string; state: string }[];
    recent: { functionName: string; milliseconds: number }[];
  };
  expect(activity.state).toBe('running');
  const of = (name: string): object | undefined => activity.functions.find((each) => each.name === name);
  expect(of('fail')).toEqual({
    name: 'fail',
    trigger: 'httpTrigger',
    state: 'served',
    invocations: 2,
    failures: 2,
    running: 0,
  });
  expect(of('many')).toMatchObject({ trigger: 'serviceBusTrigger', state: 'receiving', invocations: 0 });
  expect(activity.recent[0]).toMatchObject({
    functionName: 'fail',
    succeeded: false,
    error: 'on purpose',
    milliseconds: expect.any(Number) as number,
  });
});
