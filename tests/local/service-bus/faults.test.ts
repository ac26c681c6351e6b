/** Faults on request, as the official SDK meets them: what each does to an operation, and what it leaves undone. */
import { once } from 'node:events';
import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceBusStatus } from '../../../local/status/page/service-bus.ts';
import { peekAll, receiveOne } from '../../suites/service-bus/entity.ts';
import { until } from '../../support/until.ts';
import { emulatorConfig, NamespaceProcess } from './namespace-process.ts';
import { next, RawClient } from './raw-client.ts';

let bus: NamespaceProcess;
let clients: ServiceBusClient[];
let queue: string;
let queues: string[];

// A queue for each test: none needs to be emptied.
beforeAll(async () => {
  queues = Array.from({ length: 32 }, (_, n) => `q${n}`);
  const Queues = queues.map((Name) => ({ Name, Properties: { LockDuration: 'PT5M' } }));
  const impatient = { Name: 'impatient', Properties: { LockDuration: 'PT1S' } };
  bus = await NamespaceProcess.start(emulatorConfig({ Queues: [...Queues, impatient] }));
});
afterAll(() => bus.remove());
beforeEach(() => {
  clients = [];
  queue = queues.pop()!;
});
afterEach(async () => {
  await fetch(faultsUrl(), { method: 'DELETE' });
  await Promise.allSettled(clients.map((client) => client.close()));
});

const faultsUrl = () => `http://127.0.0.1:${bus.adminPort}/faults`;

async function fault(fields: Record<string, unknown>): Promise<void> {
  const body = JSON.stringify({ faults: [fields] });
  const response = await fetch(faultsUrl(), { method: 'PUT', body });
  expect(response.status).toBe(200);
}

/** Waits until the fault has struck so often. */
function struck(times = 1): Promise<unknown> {
  return until(
    async () => {
      const { faults } = (await (await fetch(faultsUrl())).json()) as { faults: { struck: number }[] };
      return faults[0]!.struck >= times;
    },
    { what: 'the fault to strike' },
  );
}

/** What was done with the queue of this test, the latest first. */
async function done(): Promise<string[]> {
  const response = await fetch(`http://127.0.0.1:${bus.adminPort}/status`);
  const { recent } = (await response.json()) as Required<ServiceBusStatus>;
  return recent.filter(({ entity }) => entity === queue).map(({ operation }) => operation);
}

/** Without retries unless said: a refusal that the SDK would repeat is then seen at once. */
function connect(maxRetries = 0): ServiceBusClient {
  const client = new ServiceBusClient(bus.connectionString, {
    retryOptions: { maxRetries, retryDelayInMs: 10, timeoutInMs: 30_000 },
  });
  clients.push(client);
  return client;
}

const send = (client: ServiceBusClient, body: string) =>
  client.createSender(queue).sendMessages({ body, messageId: body });

const bodies = async () =>
  (await peekAll(connect().createReceiver(queue))).map((message) => message.body as string);

/** Whether it has an answer by now. */
function watch(promise: Promise<unknown>): { readonly answered: boolean } {
  const watched = { answered: false };
  const note = () => void (watched.answered = true);
  promise.then(note, note);
  return watched;
}

describe('a fault of attaching', () => {
  it('refuses the link with the error of a busy namespace, and only where it matches', async () => {
    await fault({ on: `attach ${queue}`, action: 'error', times: 1 });
    const client = connect();
    await expect(send(client, 'refused')).rejects.toMatchObject({ code: 'ServiceBusy' });
    await send(client, 'taken');
    expect(await bodies()).toEqual(['taken']);
  });

  it('keeps the answer back until the faults change', async () => {
    await fault({ on: `attach ${queue}`, action: 'hold' });
    const sending = send(connect(), 'late');
    await struck();
    expect(await done()).toEqual([]);
    await fetch(faultsUrl(), { method: 'DELETE' });
    await sending;
    expect(await bodies()).toEqual(['late']);
  });
});

describe('a fault of sending', () => {
  it('[ACK] before: refuses with the condition asked for, and stores nothing', async () => {
    await fault({ on: `send ${queue}`, action: 'error', error: 'com.microsoft:entity-disabled' });
    await expect(send(connect(), 'refused')).rejects.toMatchObject({ code: 'MessagingEntityDisabled' });
    expect(await bodies()).toEqual([]);
  });

  it('after: the message is stored, and its sender hears of an error', async () => {
    await fault({ on: `send ${queue}`, when: 'after', action: 'error' });
    await expect(send(connect(), 'stored')).rejects.toMatchObject({ code: 'ServiceBusy' });
    expect(await bodies()).toEqual(['stored']);
  });

  it.each([
    { when: 'before', stored: ['second'] },
    { when: 'after', stored: ['first', 'second'] },
  ])('$when: never answers what it drops, and goes on with the next', async ({ when, stored }) => {
    await fault({ on: `send ${queue}`, when, action: 'drop', times: 1 });
    const sender = connect().createSender(queue);
    const watched = watch(sender.sendMessages({ body: 'first' }));
    await struck();
    await sender.sendMessages({ body: 'second' });
    expect(watched.answered).toBe(false);
    expect(await bodies()).toEqual(stored);
  });
});

describe('a fault of delivering', () => {
  it('drops the message on its way: it comes again when its lock is over, as a second attempt', async () => {
    queue = 'impatient';
    await send(connect(), 'lost');
    await fault({ on: `deliver ${queue}`, action: 'drop', times: 1 });
    expect(await receiveOne(connect().createReceiver(queue))).toMatchObject({
      body: 'lost',
      deliveryCount: 1,
    });
  });

  it.each(['error', 'disconnect'])(
    'ends what it came on (%s), and the message is not touched',
    async (action) => {
      await send(connect(), 'kept');
      await fault({ on: `deliver ${queue}`, action, times: 1 });
      const receiver = connect(5).createReceiver(queue);
      const received: ServiceBusReceivedMessage[] = [];
      receiver.subscribe({
        processMessage: async (message) => void received.push(message),
        processError: async () => {},
      });
      await struck();
      await until(() => received.length > 0, { what: 'the message' });
      expect(received[0]).toMatchObject({ body: 'kept', deliveryCount: 0 });
    },
  );

  it('gives a held message back where nobody waits for it any more', async () => {
    await send(connect(), 'held');
    await fault({ on: `deliver ${queue}`, action: 'hold' });
    const impatient = connect().createReceiver(queue);
    expect(await impatient.receiveMessages(1, { maxWaitTimeInMs: 200 })).toEqual([]);
    await struck();
    await fetch(faultsUrl(), { method: 'DELETE' });
    expect(await receiveOne(connect().createReceiver(queue))).toMatchObject({
      body: 'held',
      deliveryCount: 0,
    });
  });
});

describe('a fault that holds', () => {
  it.each(['attach', 'deliver'])(
    'keeps a receiver waiting (%s) until the faults change',
    async (operation) => {
      await send(connect(), 'held');
      const before = operation === 'attach' ? ['send', 'attach'] : ['attach', 'send', 'attach'];
      await fault({ on: `${operation} ${queue}`, action: 'hold' });
      const receiving = connect().createReceiver(queue).receiveMessages(1, { maxWaitTimeInMs: 60_000 });
      await struck();
      expect(await done()).toEqual(before);
      await fetch(faultsUrl(), { method: 'DELETE' });
      expect((await receiving).map(({ body }) => body as string)).toEqual(['held']);
    },
  );
});

describe('a fault of settling', () => {
  const locked = async () => {
    await send(connect(), 'held');
    const receiver = connect().createReceiver(queue);
    return { receiver, message: await receiveOne(receiver) };
  };

  it.each([
    { when: 'before', left: ['held'] },
    { when: 'after', left: [] },
  ])('$when: refuses it', async ({ when, left }) => {
    const { receiver, message } = await locked();
    await fault({ on: `settle ${queue}`, when, action: 'error' });
    await expect(receiver.completeMessage(message)).rejects.toMatchObject({ code: 'ServiceBusy' });
    expect(await bodies()).toEqual(left);
  });

  it.each([
    { when: 'before', left: ['held', 'other'] },
    { when: 'after', left: ['other'] },
  ])('$when: never answers', async ({ when, left }) => {
    const { receiver, message } = await locked();
    await send(connect(), 'other');
    const other = await receiveOne(receiver);
    await fault({ on: `settle ${queue}`, when, action: 'drop', times: 1 });
    const watched = watch(receiver.completeMessage(message));
    await struck();
    await receiver.abandonMessage(other);
    expect(watched.answered).toBe(false);
    expect(await bodies()).toEqual(left);
  });
});

describe('a fault of $management', () => {
  it('refuses the operation that it names, and no other', async () => {
    await send(connect(), 'held');
    const receiver = connect().createReceiver(queue);
    const message = await receiveOne(receiver);
    await fault({ on: `manage renew-lock ${queue}`, action: 'error' });
    await expect(receiver.renewMessageLock(message)).rejects.toMatchObject({ code: 'ServiceBusy' });
    expect(await bodies()).toEqual(['held']);
  });

  it('after: a message is scheduled, and its sender hears of an error', async () => {
    await fault({ on: `manage schedule-message ${queue}`, when: 'after', action: 'error' });
    const sender = connect().createSender(queue);
    const due = new Date(Date.now() + 3_600_000);
    await expect(sender.scheduleMessages({ body: 'later' }, due)).rejects.toMatchObject({
      code: 'ServiceBusy',
    });
    expect(await bodies()).toEqual(['later']);
  });
});

describe('a fault that disconnects', () => {
  /** A client of plain rhea, which does not come back, and the end of its connection. */
  const fragile = async () => {
    const raw = await RawClient.connect(bus.port);
    return { raw, cut: once(raw.connection, 'disconnected') };
  };

  it('ends the connection of whoever attaches', async () => {
    const { raw, cut } = await fragile();
    await fault({ on: `attach ${queue}`, action: 'disconnect' });
    raw.sender(queue).catch(() => {});
    await cut;
    await struck();
  });

  it.each([
    { when: 'before', stored: [] },
    { when: 'after', stored: ['sent'] },
  ])('$when: ends that of a sender', async ({ when, stored }) => {
    const { raw, cut } = await fragile();
    const link = await raw.sender(queue);
    await fault({ on: `send ${queue}`, when, action: 'disconnect' });
    link.send({ body: 'sent' });
    await cut;
    expect(await bodies()).toEqual(stored);
  });

  it.each([
    { when: 'before', left: ['settled'] },
    { when: 'after', left: [] },
  ])('$when: ends that of a receiver which settles', async ({ when, left }) => {
    await send(connect(), 'settled');
    const { raw, cut } = await fragile();
    const { delivery } = await next(await raw.receiver(queue));
    await fault({ on: `settle ${queue}`, when, action: 'disconnect' });
    delivery.accept();
    await cut;
    expect(await bodies()).toEqual(left);
  });

  it('ends that of whoever asks $management', async () => {
    const { raw, cut } = await fragile();
    await fault({ on: `manage peek-message ${queue}`, action: 'disconnect' });
    raw.manage(queue, 'com.microsoft:peek-message').catch(() => {});
    await cut;
    await struck();
  });
});
