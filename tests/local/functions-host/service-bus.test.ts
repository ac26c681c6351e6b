/** The Service Bus trigger, one message at a time and in batches, on a real namespace with the official SDK beside it. */
import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { Bus } from './bus.ts';
import { Recorder } from './recorder.ts';
import { appFolder, startHost, type RunningHost } from './running-host.ts';

let bus: Bus;
let recorder: Recorder;
let host: RunningHost;
let client: ServiceBusClient;

beforeAll(async () => {
  bus = await Bus.prepare();
  recorder = await Recorder.start();
  await bus.start();
  client = new ServiceBusClient(bus.connectionString);
  host = await startHost(appFolder('bus'), {
    env: { Bus: bus.connectionString, RECORDER: recorder.url, ONE_QUEUE: 'one' },
  });
});
afterAll(async () => {
  await host.stop();
  await client.close();
  recorder.stop();
  await bus.remove();
});
afterEach(() => {
  recorder.decide = undefined;
  for (const report of recorder.reports) report.pass();
  recorder.clear();
});

const pass = (report: { pass(): void }): void => report.pass();

async function send(entity: string, ...messages: ServiceBusMessage[]): Promise<void> {
  const sender = client.createSender(entity);
  await sender.sendMessages(messages);
  await sender.close();
}

/** Nothing waits, nothing is locked: what was received has been completed. */
async function isEmpty(queue: string, subscription?: string): Promise<boolean> {
  const receiver = subscription ? client.createReceiver(queue, subscription) : client.createReceiver(queue);
  const messages = await receiver.peekMessages(1);
  await receiver.close();
  return messages.length === 0;
}

describe('a function for single messages', () => {
  it('gets the body, and the metadata by the names of the real extension', async () => {
    recorder.decide = pass;
    await send('one', {
      body: { content: 'hello', tags: ['a'] },
      messageId: 'first',
      subject: 'greeting',
      correlationId: 'c-1',
      contentType: 'application/json',
      replyTo: 'back',
      applicationProperties: { room_id: 'r1', Count: 3, Yes: true },
    });
    const { input, metadata } = await until(() => recorder.of('one')[0]);
    expect(input).toEqual({ content: 'hello', tags: ['a'] });
    expect(metadata).toMatchObject({
      messageId: 'first',
      subject: 'greeting',
      label: 'greeting',
      correlationId: 'c-1',
      contentType: 'application/json',
      replyTo: 'back',
      deliveryCount: 1,
      sequenceNumber: expect.any(Number) as number,
      lockToken: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      enqueuedTimeUtc: expect.stringMatching(/Z$/) as string,
      // The library writes the first letter of every name small, those of the properties too.
      applicationProperties: { room_id: 'r1', count: 3, yes: true },
      userProperties: { room_id: 'r1' },
      // Members of a JSON body are metadata as well, but for lists.
      content: 'hello',
    });
    expect(metadata).not.toHaveProperty('sessionId');
    expect(metadata).not.toHaveProperty('tags');
    await until(() => isEmpty('one'));
  });

  it('gets text where the body is no JSON, and bytes where it asks for them', async () => {
    recorder.decide = pass;
    await send('one', { body: 'plain "text"' });
    await send('bytes', { body: Buffer.from('00ff10', 'hex') });
    expect((await until(() => recorder.of('bytes')[0])).input).toEqual({ isBuffer: true, hex: '00ff10' });
    // The SDK sends a string as JSON text.
    expect((await until(() => recorder.of('one')[0])).input).toBe('plain "text"');
  });

  it('runs for as many messages at a time as maxConcurrentCalls says', async () => {
    await send('one', ...Array.from({ length: 10 }, (_, index) => ({ body: index })));
    let ended = 0;
    while (ended < 10) {
      const expected = Math.min(4, 10 - ended);
      // oxlint-disable-next-line no-await-in-loop
      await until(() => recorder.of('one').length === ended + expected);
      recorder.of('one').forEach(pass);
      ended += expected;
    }
    expect(recorder.most.get('one')).toBe(4);
    await until(() => isEmpty('one'));
  });

  it('that throws gets the message again at once, and after MaxDeliveryCount it is a dead letter', async () => {
    recorder.decide = (report) => report.fail();
    await send('one', { body: 'poison', messageId: 'poison' });
    const receiver = client.createReceiver('one', { subQueueType: 'deadLetter' });
    const [dead] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 60_000 });
    expect(dead).toMatchObject({ messageId: 'poison', deadLetterReason: 'MaxDeliveryCountExceeded' });
    await receiver.completeMessage(dead!);
    await receiver.close();
    expect(recorder.of('one').map(({ metadata }) => metadata['deliveryCount'])).toEqual(
      Array.from({ length: 10 }, (_, index) => index + 1),
    );
  });

  it('keeps its message for longer than the lock lasts', async () => {
    await send('one', { body: 'slow' });
    const report = await until(() => recorder.of('one')[0]);
    const receiver = client.createReceiver('one');
    // The lock is for 5 s; nobody else may have the message within 8.
    const others = await receiver.receiveMessages(1, { maxWaitTimeInMs: 8_000 });
    await receiver.close();
    expect(others).toEqual([]);
    report.pass();
    await until(() => isEmpty('one'));
    expect(recorder.of('one')).toHaveLength(1);
  });
});

describe('a function for batches', () => {
  it('gets what waits, in order, in one invocation at a time of at most maxMessageBatchSize', async () => {
    await send('news', { body: { n: 0 }, messageId: 'm0' });
    // While the first batch runs the others gather.
    await until(() => recorder.of('many').length === 1);
    await send(
      'news',
      ...Array.from({ length: 12 }, (_, index) => ({ body: { n: index + 1 }, messageId: `m${index + 1}` })),
    );
    await until(() => recorder.of('each').length >= 4);
    recorder.decide = pass;
    recorder.reports.forEach(pass);
    const numbers = (): unknown[] =>
      recorder.of('many').flatMap(({ input }) => (input as { n: number }[]).map(({ n }) => n));
    await until(() => numbers().length === 13);
    expect(numbers()).toEqual(Array.from({ length: 13 }, (_, index) => index));
    expect(recorder.most.get('many')).toBe(1);
    const sizes = recorder.of('many').map(({ input }) => (input as unknown[]).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8);
    expect(sizes.length).toBeLessThan(13);
    await until(() => isEmpty('news', 'all'));
  });

  it('gets a list of each piece of metadata', async () => {
    recorder.decide = pass;
    await send(
      'news',
      { body: 'a', messageId: 'x1', applicationProperties: { room_id: 'r1' } },
      { body: 'b', messageId: 'x2', subject: 'only one' },
    );
    await until(() => recorder.of('many').flatMap(({ input }) => input).length === 2);
    const reports = recorder.of('many');
    const lists = (name: string): unknown[] => reports.flatMap(({ metadata }) => metadata[name] as unknown[]);
    expect(lists('messageIdArray')).toEqual(['x1', 'x2']);
    expect(lists('deliveryCountArray')).toEqual([1, 1]);
    expect(lists('applicationPropertiesArray')).toEqual([{ room_id: 'r1' }, {}]);
    expect(lists('lockTokenArray')).toHaveLength(2);
    // A list of texts has no place for what is missing.
    expect(lists('subjectArray')).toEqual(['only one']);
  });

  it('that throws gets the whole batch again', async () => {
    await send('news', { body: 'first' });
    const blocker = await until(() => recorder.of('many')[0]);
    await send('news', { body: 'left' }, { body: 'right' });
    await until(() => recorder.of('each').length >= 3);
    blocker.pass();
    const failing = await until(() => recorder.of('many')[1]);
    recorder.decide = pass;
    failing.fail();
    const again = await until(() => recorder.of('many')[2]);
    expect(again.input).toEqual(failing.input);
    expect(again.metadata['deliveryCountArray']).toEqual([2, 2]);
  });
});

describe('an output', () => {
  it('is sent when the function has succeeded: returned, or set by name', async () => {
    const receiver = client.createReceiver('out');
    const answer = await fetch(`${host.url}/api/send`, { method: 'POST', body: '{"n":1}' });
    expect(answer.status).toBe(202);
    const bodies: unknown[] = [];
    while (bodies.length < 4) {
      // oxlint-disable-next-line no-await-in-loop
      for (const message of await receiver.receiveMessages(4, { maxWaitTimeInMs: 60_000 })) {
        const body: unknown = message.body;
        bodies.push(Buffer.isBuffer(body) ? body.toString() : body);
        // oxlint-disable-next-line no-await-in-loop
        await receiver.completeMessage(message);
      }
    }
    await receiver.close();
    expect(bodies).toEqual([{ n: 1 }, { n: 2 }, 'three', { four: 4 }]);
  });

  it('of a function that throws is not', async () => {
    expect((await fetch(`${host.url}/api/send?throw`, { method: 'POST', body: '{}' })).status).toBe(500);
    expect(await isEmpty('out')).toBe(true);
  });
});

it('an invocation by hand gets the text that was posted', async () => {
  recorder.decide = pass;
  const answer = await fetch(`${host.url}/admin/functions/one`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input: '{"by":"hand"}' }),
  });
  expect(answer.status).toBe(202);
  expect((await until(() => recorder.of('one')[0])).input).toEqual({ by: 'hand' });
});

it('a namespace that comes up after the host is found', async () => {
  const late = await Bus.prepare();
  const other = await startHost(appFolder('bus'), {
    env: { Bus: late.connectionString, RECORDER: recorder.url, ONE_QUEUE: 'one' },
  });
  await until(() => other.output().includes('Receiving from one is interrupted'));
  recorder.decide = pass;
  await late.start();
  const lateClient = new ServiceBusClient(late.connectionString);
  await lateClient.createSender('one').sendMessages({ body: 'early bird' });
  expect((await until(() => recorder.of('one')[0])).input).toBe('early bird');
  await lateClient.close();
  await other.stop();
  await late.remove();
});

describe('when something falls', () => {
  it('a crash of the app gives its messages back, and they come again when it stands', async () => {
    await send('one', { body: 'survivor', messageId: 'survivor' });
    await until(() => recorder.of('one').length === 1);
    recorder.decide = pass;
    await fetch(`${host.url}/api/crash`);
    expect(await until(() => recorder.of('one')[1])).toMatchObject({
      input: 'survivor',
      metadata: { deliveryCount: 2 },
    });
  });

  it('an outage of the namespace is told once, and ends by itself', async () => {
    recorder.decide = pass;
    await bus.stop('SIGKILL');
    await until(() => /Receiving from one is interrupted/.test(host.output()));
    await bus.start();
    await send('one', { body: 'back' });
    await send('news', { body: 'back' });
    const all = ['one', 'many', 'each'];
    await until(() => all.every((name) => recorder.of(name).length > 0));
    expect(host.output().match(/Receiving from one is interrupted/g)).toHaveLength(1);
  });

  it('[ACK] every message that was accepted arrives, whatever dies between', async () => {
    recorder.decide = pass;
    const numbers = (name: string): Set<unknown> =>
      new Set(recorder.of(name).flatMap(({ input }) => (name === 'many' ? (input as unknown[]) : [input])));
    const deaths = [
      () => bus.stop('SIGKILL').then(() => bus.start()),
      () => fetch(`${host.url}/api/crash`),
      () => bus.stop('SIGKILL').then(() => bus.start()),
    ];
    let sent = 0;
    for (const die of deaths) {
      const messages = Array.from({ length: 20 }, () => ({ body: sent++ }));
      // oxlint-disable-next-line no-await-in-loop
      await send('one', ...messages);
      // oxlint-disable-next-line no-await-in-loop
      await send('news', ...messages);
      // oxlint-disable-next-line no-await-in-loop
      await die();
    }
    for (const name of ['one', 'many', 'each']) {
      // What earlier tests sent may come again here, too.
      const missing = (): number[] =>
        Array.from({ length: sent }, (_, number) => number).filter((number) => !numbers(name).has(number));
      // A batch whose host died comes again when its locks have expired.
      // oxlint-disable-next-line no-await-in-loop
      await until(() => missing().length === 0, { what: () => `${missing().join(', ')} of '${name}'` });
    }
  });
});
