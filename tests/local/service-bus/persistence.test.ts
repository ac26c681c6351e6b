/** What outlives the process: every test ends it with `kill -9` at some point, and looks at what the next one has. */
import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { afterEach, describe, expect, it } from 'vitest';
import { peekAll, receiveAll, receiveOne } from '../../suites/service-bus/entity.ts';
import { until } from '../../support/until.ts';
import { emulatorConfig, NamespaceProcess } from './namespace-process.ts';

const config = emulatorConfig({
  Queues: [
    { Name: 'plain', Properties: { LockDuration: 'PT5M', MaxDeliveryCount: 3 } },
    { Name: 'impatient', Properties: { LockDuration: 'PT5M', MaxDeliveryCount: 1 } },
  ],
  Topics: [
    {
      Name: 'news',
      Properties: { RequiresDuplicateDetection: true, DuplicateDetectionHistoryTimeWindow: 'PT5M' },
      Subscriptions: [{ Name: 'all' }],
    },
  ],
});

describe('a namespace that is killed', () => {
  let bus: NamespaceProcess;
  let clients: ServiceBusClient[] = [];

  const connect = () => {
    const client = new ServiceBusClient(bus.connectionString, {
      retryOptions: { maxRetries: 0, timeoutInMs: 5_000 },
    });
    clients.push(client);
    return client;
  };
  const killAndStart = async () => {
    await bus.kill();
    await bus.startAgain();
    return connect();
  };
  const start = async () => {
    bus = await NamespaceProcess.start(config);
    return connect();
  };

  afterEach(async () => {
    await Promise.allSettled(clients.map((client) => client.close()));
    clients = [];
    await bus.remove();
  });

  it('[ACK] has every message that it accepted, when it is killed while many are sent', async () => {
    const sender = (await start()).createSender('plain');
    const accepted = new Set<string>();
    let running = true;
    const send = async (lane: number) => {
      for (let n = 0; running; n += 1) {
        const messageId = `${lane}-${n}`;
        await sender.sendMessages({ body: messageId, messageId });
        accepted.add(messageId);
      }
    };
    // Nobody waits for those that are under way when the process ends: they fail after a timeout.
    void Promise.allSettled(Array.from({ length: 20 }, (_, lane) => send(lane)));
    await until(() => accepted.size > 300, { what: '300 accepted messages' });
    await bus.kill();
    running = false;

    await bus.startAgain();
    const receiver = connect().createReceiver('plain', { receiveMode: 'receiveAndDelete' });
    const found = new Set<string>();
    await until(async () => {
      const messages = await receiver.receiveMessages(500, { maxWaitTimeInMs: 2_000 });
      for (const { messageId } of messages) found.add(messageId as string);
      return messages.length === 0;
    });
    expect([...accepted].filter((id) => !found.has(id))).toEqual([]);
  });

  it('does not bring back what was settled, when it is killed while much is settled', async () => {
    const client = await start();
    const sender = client.createSender('plain');
    await sender.sendMessages(Array.from({ length: 400 }, (_, n) => ({ body: n, messageId: String(n) })));
    const receiver = client.createReceiver('plain');
    const received = await receiveAll(receiver, 400);
    const completed = new Set<unknown>();
    void Promise.allSettled(
      received.map(async (message) => {
        await receiver.completeMessage(message);
        completed.add(message.messageId);
        // Killed from within, so that it happens while others are on their way.
        if (completed.size === 150) await bus.kill();
      }),
    );
    await until(() => !bus.alive, { what: 'the end of the process' });

    await bus.startAgain();
    const left: ServiceBusReceivedMessage[] = [];
    const again = connect().createReceiver('plain', { receiveMode: 'receiveAndDelete' });
    await until(async () => {
      const messages = await again.receiveMessages(500, { maxWaitTimeInMs: 2_000 });
      left.push(...messages);
      return messages.length === 0;
    });
    const ids = left.map((each) => each.messageId);
    expect(ids.filter((id) => completed.has(id))).toEqual([]);
    // Nothing vanished either: what is neither completed nor there was completed just before the end.
    expect(completed.size + ids.length).toBeLessThanOrEqual(400);
  });

  it('has a message that was locked available at once, as one whose lock expired', async () => {
    let client = await start();
    await client.createSender('plain').sendMessages({ body: 'held' });
    const receiver = client.createReceiver('plain');
    const held = await receiveOne(receiver);
    client = await killAndStart();
    const after = client.createReceiver('plain');
    const again = await receiveOne(after);
    expect(again).toMatchObject({ body: 'held', deliveryCount: 1 });
    expect(again.sequenceNumber!.toNumber()).toBe(held.sequenceNumber!.toNumber());
    await after.completeMessage(again);
  });

  it('counts the attempt that it did not see the end of', async () => {
    let client = await start();
    await client.createSender('impatient').sendMessages({ body: 'poison' });
    await receiveOne(client.createReceiver('impatient'));
    client = await killAndStart();
    const letter = await receiveOne(client.createReceiver('impatient', { subQueueType: 'deadLetter' }));
    expect(letter).toMatchObject({ body: 'poison', deadLetterReason: 'MaxDeliveryCountExceeded' });
  });

  it('goes on counting where it was, also when nothing is left', async () => {
    let client = await start();
    await client.createSender('plain').sendMessages([{ body: 1 }, { body: 2 }]);
    const receiver = client.createReceiver('plain', { receiveMode: 'receiveAndDelete' });
    await receiveAll(receiver, 2);
    client = await killAndStart();
    await client.createSender('plain').sendMessages({ body: 3 });
    const next = await receiveOne(client.createReceiver('plain', { receiveMode: 'receiveAndDelete' }));
    expect(next.sequenceNumber!.toNumber()).toBe(3);
  });

  it('remembers ids, schedules and dead letters', async () => {
    let client = await start();
    await client.createSender('news').sendMessages({ body: 'news', messageId: 'once' });
    await client.createSender('plain').scheduleMessages({ body: 'scheduled' }, new Date(Date.now() + 1_500));
    await client.createSender('impatient').sendMessages({ body: 'dead' });
    const doomed = client.createReceiver('impatient');
    await doomed.deadLetterMessage(await receiveOne(doomed), {
      deadLetterReason: 'why',
      deadLetterErrorDescription: 'because',
    });

    client = await killAndStart();
    await client.createSender('news').sendMessages({ body: 'repeat', messageId: 'once' });
    const news = await peekAll(client.createReceiver('news', 'all'));
    expect(news.map((each) => each.body as string)).toEqual(['news']);
    const scheduled = await receiveOne(client.createReceiver('plain'));
    expect(scheduled.body).toBe('scheduled');
    const letter = await receiveOne(client.createReceiver('impatient', { subQueueType: 'deadLetter' }));
    expect(letter).toMatchObject({
      body: 'dead',
      deadLetterReason: 'why',
      deadLetterErrorDescription: 'because',
    });
  });
});
