/** `npm run letters` as a process, with the official SDK, against the local namespace with the app's own names. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient, type ServiceBusMessage, type ServiceBusReceivedMessage } from '@azure/service-bus';
import fc from 'fast-check';
import Long from 'long';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { erasuresQueue, rejectedQueue, subscription, topic } from '../../contract/names.ts';
import { NamespaceProcess } from '../local/service-bus/namespace-process.ts';
import { runs } from '../support/draws.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';
import { runProgram, startProgram, type Ended } from './program.ts';

let bus: NamespaceProcess;
let client: ServiceBusClient;
const deadSource = `${topic}/Subscriptions/${subscription}/$DeadLetterQueue`;

beforeAll(async () => {
  // What a killed command holds comes back after a second instead of a minute.
  const config = readFileSync('local/config/service-bus.json', 'utf8').replaceAll('PT1M', 'PT1S');
  bus = await NamespaceProcess.start(JSON.parse(config));
  client = new ServiceBusClient(bus.connectionString);
});
afterAll(async () => {
  await client.close();
  await bus.remove();
});
beforeEach(async () => {
  for (const entity of [rejectedQueue, erasuresQueue]) {
    await drain(client.createReceiver(entity, { receiveMode: 'receiveAndDelete' }));
    await drain(
      client.createReceiver(entity, { receiveMode: 'receiveAndDelete', subQueueType: 'deadLetter' }),
    );
  }
  await drain(client.createReceiver(topic, subscription, { receiveMode: 'receiveAndDelete' }));
  const dead = { receiveMode: 'receiveAndDelete', subQueueType: 'deadLetter' } as const;
  await drain(client.createReceiver(topic, subscription, dead));
});
afterEach(async () => {
  await fetch(`http://127.0.0.1:${bus.adminPort}/faults`, { method: 'DELETE' });
});

async function drain(receiver: ReturnType<ServiceBusClient['createReceiver']>): Promise<void> {
  while ((await receiver.peekMessages(1, { fromSequenceNumber: Long.ZERO })).length > 0)
    await receiver.receiveMessages(500, { maxWaitTimeInMs: 200 });
  await receiver.close();
}

const letters = (...args: string[]): Promise<Ended> =>
  runProgram(['scripts/letters.ts', ...args, '--connection-string', bus.connectionString]);

/** Puts messages among the dead letters, in this order. */
async function bury(messages: ServiceBusMessage[], reason = 'MaxDeliveryCountExceeded'): Promise<void> {
  await client.createSender(topic).sendMessages(messages);
  const receiver = client.createReceiver(topic, subscription);
  for (let left = messages.length; left > 0;) {
    // Few at a time: their locks last a second.
    const batch = await receiver.receiveMessages(Math.min(left, 20), { maxWaitTimeInMs: 5_000 });
    const why = { deadLetterReason: reason, deadLetterErrorDescription: 'ten times' };
    await Promise.all(batch.map((message) => receiver.deadLetterMessage(message, why)));
    left -= batch.length;
  }
  await receiver.close();
}

const reject = (
  body: string | Buffer,
  reason: string,
  more: Partial<ServiceBusMessage> = {},
): Promise<void> =>
  client.createSender(rejectedQueue).sendMessages({
    body,
    ...more,
    applicationProperties: { ...more.applicationProperties, reason, description: `because ${reason}` },
  });

/** What lies there, without taking it. */
async function dead(): Promise<ServiceBusReceivedMessage[]> {
  return client
    .createReceiver(topic, subscription, { subQueueType: 'deadLetter', skipParsingBodyAsJson: true })
    .peekMessages(500, { fromSequenceNumber: Long.ZERO });
}
const waiting = (): Promise<ServiceBusReceivedMessage[]> =>
  client
    .createReceiver(topic, subscription, { skipParsingBodyAsJson: true })
    .peekMessages(500, { fromSequenceNumber: Long.ZERO });
const rejected = (): Promise<ServiceBusReceivedMessage[]> =>
  client.createReceiver(rejectedQueue).peekMessages(500, { fromSequenceNumber: Long.ZERO });
const bodies = (messages: ServiceBusReceivedMessage[]): string[] => messages.map(({ body }) => String(body));
const numberOf = (message: ServiceBusReceivedMessage | undefined): string => String(message?.sequenceNumber);

describe('list', () => {
  it('says of every source how many lie there and why, and nothing of their texts', async () => {
    await bury([{ body: 'a secret', messageId: 'l-1', applicationProperties: { room_id: 'a-room' } }]);
    await reject('another secret', 'no_room_id');
    const { code, output } = await letters('list');
    expect(code).toBe(0);
    expect(output).toMatch(/dead-letters: 1 .*\n.*\n1 .*MaxDeliveryCountExceeded +a-room +10 +ten times/);
    expect(output).toMatch(/rejected: 1 .*\n.*\n\d+ .*no_room_id +- +16 +because no_room_id/);
    expect(output).toContain('erasures: 0');
    expect(output).not.toContain('secret');
  });

  it('never prints the key, nor what steers a terminal', async () => {
    await reject('x', 'malformed', { applicationProperties: { room_id: '\u001b[2Jroom' } });
    const { output } = await letters('list', 'rejected');
    expect(output).toContain('\\u{1b}[2Jroom');
    expect(output).not.toContain('\u001b');
    expect(output).not.toContain('SAS_KEY_VALUE');
  });

  it('gives programs everything, a line each, however many pages it takes', async () => {
    const many = Array.from({ length: 230 }, (_, n) => ({
      body: Buffer.from([n, 255]),
      messageId: `p-${n}`,
    }));
    await bury(many);
    const { output } = await letters('list', 'dead-letters', '--json');
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(lines.map(({ message_id }) => message_id)).toEqual(many.map(({ messageId }) => messageId));
    expect(lines.map(({ body }) => [...Buffer.from(body!, 'base64')])).toEqual(
      many.map(({ body }) => [...body]),
    );
  });
});

describe('show', () => {
  it('prints all of one letter', async () => {
    await reject(Buffer.from('{"content": "Hello"}'), 'malformed', {
      messageId: 'shown',
      contentType: 'application/json',
    });
    const { output } = await letters('show', 'rejected', numberOf((await rejected())[0]));
    for (const part of ['message_id: shown', 'reason: malformed', '{"content": "Hello"}'])
      expect(output).toContain(part);
  });

  it('says so where it is not there', async () => {
    expect(await letters('show', 'rejected', '12345678')).toMatchObject({
      code: 1,
      errors: 'There is no number 12345678 in rejected.\n',
    });
  });
});

describe('resend', () => {
  it('only says what it would do, unless it is told to do it', async () => {
    await bury([{ body: 'kept', messageId: 'd-1' }]);
    const { code, output } = await letters('resend', 'dead-letters', '--all');
    expect(code).toBe(0);
    expect(output).toContain(`This would send 1 to ${topic}. Nothing was done`);
    expect([bodies(await dead()), await waiting()]).toEqual([['"kept"'], []]);
  });

  it('sends the same body and properties under an id of its own, which duplicate detection lets pass', async () => {
    const message = {
      body: Buffer.from('{ "content":  "spaces stay" }'),
      messageId: 'r-1',
      contentType: 'application/json',
      subject: 'news',
      correlationId: 'c-1',
      applicationProperties: { room_id: 'a-room', signature: 'signed', count: 3, yes: true },
    };
    await bury([message]);
    // What the topic would do with a plain repeat.
    await client.createSender(topic).sendMessages(message);
    expect(await waiting()).toEqual([]);

    const { code, output } = await letters('resend', 'dead-letters', '--all', '--yes');
    expect([code, output]).toEqual([0, expect.stringContaining(`Sent to ${topic}: 1.`)]);
    expect(await dead()).toEqual([]);
    const [again] = await waiting();
    const { body, contentType, subject, correlationId } = message;
    expect(again).toMatchObject({ body, contentType, subject, correlationId });
    expect(again!.applicationProperties).toEqual({ ...message.applicationProperties, message_id: 'r-1' });
    expect(again!.messageId).not.toBe('r-1');
  });

  it('keeps bodies of every kind, to the byte', async () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
      fc.json(),
      fc.constantFrom('', 'null', '{"a":1}', '"text"'),
    );
    const [drawn] = fc.sample(fc.array(body, { minLength: 40, maxLength: 40 }), { ...runs(1), numRuns: 1 });
    await bury(drawn!.map((each, n) => ({ body: each, messageId: `bytes-${n}-${Math.random()}` })));
    const before = await dead();
    expect((await letters('resend', 'dead-letters', '--all', '--yes')).code).toBe(0);
    expect((await waiting()).map(({ body: each }) => each as Buffer)).toEqual(
      before.map(({ body: each }) => each as Buffer),
    );
  });

  it('takes those of one reason, and the oldest so many of them, and leaves the rest as they were', async () => {
    for (const [text, reason] of [
      ['a', 'no_room_id'],
      ['b', 'room_not_found'],
      ['c', 'no_room_id'],
      ['d', 'room_not_found'],
      ['e', 'room_not_found'],
    ] as const) {
      await reject(text, reason);
    }
    const { output } = await letters(
      'resend',
      'rejected',
      '--reason',
      'room_not_found',
      '--limit',
      '2',
      '--yes',
    );
    expect(output).toContain(`Sent to ${topic}: 2.`);
    expect((await waiting()).map(({ body }) => String(body))).toEqual(['"b"', '"d"']);
    expect(bodies(await rejected())).toEqual(['a', 'c', 'e']);
    // Why it was rejected then is no property of what is sent now.
    expect(Object.keys((await waiting())[0]!.applicationProperties!)).toEqual(['message_id']);
  });

  it('takes those that are named by number, and refuses numbers that are not there before it does anything', async () => {
    await bury(['a', 'b', 'c'].map((body) => ({ body, messageId: `n-${body}` })));
    const [, second, third] = await dead();
    const refused = await letters('resend', 'dead-letters', numberOf(second), '99999999', '--yes');
    expect([refused.code, refused.errors]).toEqual([1, expect.stringContaining('99999999')]);
    expect(await waiting()).toEqual([]);
    expect((await letters('resend', 'dead-letters', numberOf(third), '--yes')).code).toBe(0);
    expect(bodies(await dead())).toEqual(['"a"', '"b"']);
  });

  it('sends steps of an erasure back to their own queue', async () => {
    await client.createSender(erasuresQueue).sendMessages({ body: { room_id: 'r' }, messageId: 'step' });
    const receiver = client.createReceiver(erasuresQueue);
    const [step] = await receiver.receiveMessages(1);
    await receiver.deadLetterMessage(step!);
    expect((await letters('resend', 'erasures', '--all', '--yes')).output).toContain(
      `Sent to ${erasuresQueue}: 1.`,
    );
    expect(
      (await receiver.peekMessages(10, { fromSequenceNumber: Long.ZERO })).map(({ body }) => body as unknown),
    ).toEqual([{ room_id: 'r' }]);
  });

  it('loses nothing where it is killed between sending and removing, and the next run ends it', async () => {
    await bury(['a', 'b'].map((body) => ({ body, messageId: `k-${body}` })));
    const fault = { on: `settle ${deadSource}`, action: 'drop' };
    await fetch(`http://127.0.0.1:${bus.adminPort}/faults`, {
      method: 'PUT',
      body: JSON.stringify({ faults: [fault] }),
    });
    const args = ['scripts/letters.ts', 'resend', 'dead-letters', '--all', '--yes'];
    const killed = startProgram([...args, '--connection-string', bus.connectionString]);
    await until(async () => (await waiting()).length > 0, { what: 'the first letter to be sent again' });
    killed.child.kill('SIGKILL');
    await killed.ended;
    await fetch(`http://127.0.0.1:${bus.adminPort}/faults`, { method: 'DELETE' });
    expect(bodies(await dead())).toEqual(['"a"', '"b"']);

    expect((await letters('resend', 'dead-letters', '--all', '--yes')).code).toBe(0);
    expect(await dead()).toEqual([]);
    const sent = await waiting();
    expect(bodies(sent)).toEqual(['"a"', '"a"', '"b"']);
    // Twice on the topic, once in the log: the router goes by this id, not by that of the message.
    expect(sent.map(({ applicationProperties }) => applicationProperties!['message_id'])).toEqual([
      'k-a',
      'k-a',
      'k-b',
    ]);
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(3);
  });
});

describe('discard', () => {
  it('throws away what is named, for good, and sends nothing', async () => {
    await reject('a', 'malformed');
    await reject('b', 'malformed');
    const [first] = await rejected();
    expect((await letters('discard', 'rejected', numberOf(first))).output).toContain('Nothing was done');
    expect(await rejected()).toHaveLength(2);
    expect((await letters('discard', 'rejected', numberOf(first), '--yes')).output).toContain(
      'Thrown away: 1.',
    );
    expect([bodies(await rejected()), await waiting()]).toEqual([['b'], []]);
  });
});

describe('the command', () => {
  it('finds the local stack by itself', async () => {
    await reject('here', 'malformed');
    const folder = mkdtempSync(join(tmpdir(), 'hubbub-letters-'));
    const environment = { HUBBUB_DATA: folder, HUBBUB_AMQP_PORT: String(bus.port) };
    const { code, output } = await runProgram(['scripts/letters.ts', 'list', 'rejected'], environment);
    rmSync(folder, { recursive: true });
    expect([code, output]).toEqual([0, expect.stringContaining('rejected: 1')]);
    expect(output).toContain(`Service Bus: sb://localhost:${bus.port}`);
  });

  it.each([
    [['resend', 'dead-letters', '--yes'], 'Say which'],
    [['resend', 'dead-letters', '--all', '--reason', 'x', '--yes'], '--all goes alone'],
    [['resend', 'letters', '--all'], 'letters is no source'],
    [['list', 'rejected', '--limit', 'many'], '--limit takes'],
    [['burn', 'rejected'], 'npm run letters -- list'],
    [['list', '--everything'], '--everything'],
    [['list', '--namespace', 'x.servicebus.windows.net'], 'not both'],
  ])('says what is wrong with %j', async (args, complaint) => {
    const { code, errors } = await letters(...args);
    expect([code, errors]).toEqual([1, expect.stringContaining(complaint)]);
    expect(errors).not.toContain('    at ');
  });

  it('says so where nothing answers', async () => {
    const nowhere = bus.connectionString.replace(String(bus.port), String(await freePort()));
    const args = ['scripts/letters.ts', 'list', 'rejected', '--connection-string', nowhere];
    const { code, errors } = await runProgram(args);
    expect([code, errors]).toEqual([1, expect.stringContaining('is the stack running (npm start)?')]);
  });
});
