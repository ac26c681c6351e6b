/** The Service Bus trigger with sessions on sessions of a real namespace: order, failures, and the way back to others. */
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../local/fault-injection/faults.ts';
import { SessionTrigger } from '../../../local/functions-host/service-bus/session-trigger.ts';
import type { ServiceBusTriggerOptions } from '../../../local/functions-host/service-bus/trigger-options.ts';
import { until } from '../../support/until.ts';
import { Bus } from './bus.ts';

const queue = 'sessions';
let bus: Bus;
let client: ServiceBusClient;
let trigger: SessionTrigger | undefined;

beforeAll(async () => {
  bus = await Bus.prepare();
  await bus.start();
  client = new ServiceBusClient(bus.connectionString);
});
afterEach(() => trigger?.stop());
afterAll(async () => {
  await client.close();
  await bus.remove();
});

const send = (sessionId: string, ...bodies: string[]) =>
  client.createSender(queue).sendMessages(bodies.map((body) => ({ body: Buffer.from(body), sessionId })));
const left = async () => (await client.createReceiver(queue).peekMessages(1)).length;

/** Starts a trigger whose function is `run`; it is given the texts of an invocation. */
function start(cardinality: string, run: (bodies: string[]) => Promise<void>): string[] {
  const lines: string[] = [];
  const options = {
    app: { running: async () => undefined },
    invocations: {
      run: async (
        _: unknown,
        { input }: { input: { string?: string; collectionString?: { string: string[] } } },
      ) => run(input.collectionString?.string ?? [input.string ?? '']),
    },
    log: { write: (_level: string, _category: string, line: string) => lines.push(line) },
    faults: new Faults(),
    definition: { name: 'f', trigger: { cardinality, isSessionsEnabled: true } },
    connections: { client: async () => client },
    entity: { queue },
    serviceBus: {
      autoCompleteMessages: true,
      maxConcurrentSessions: 3,
      maxMessageBatchSize: 2,
      sessionIdleTimeout: 300,
      maxAutoLockRenewalDuration: 10_000,
    },
  };
  trigger = new SessionTrigger(options as unknown as ServiceBusTriggerOptions);
  void trigger.start();
  return lines;
}

describe('a function on sessions', () => {
  it('gets every session in order, several at a time, and leaves nothing', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await send(name, `${name}1`, `${name}2`);
    await send('a', 'a3');
    const seen: string[] = [];
    const running = new Set<string>();
    let most = 0;
    const lines = start('one', async ([body = '']) => {
      expect(running.has(body[0]!)).toBe(false);
      running.add(body[0]!);
      most = Math.max(most, running.size);
      await until(() => most > 1);
      seen.push(body);
      running.delete(body[0]!);
    });
    await until(() => seen.length === 11);
    await until(async () => (await left()) === 0);
    for (const name of names) {
      const own = seen.filter((body) => body.startsWith(name));
      expect(own).toEqual(own.toSorted());
    }
    expect(most).toBeLessThanOrEqual(3);
    expect(lines).toEqual([]);
  });

  it('gets a message at which it failed again, before the others of the session', async () => {
    await send('f', 'f1', 'f2');
    const seen: string[] = [];
    start('one', async ([body = '']) => {
      seen.push(body);
      if (seen.length === 1) throw new Error('on purpose');
    });
    await until(() => seen.length === 3);
    expect(seen).toEqual(['f1', 'f1', 'f2']);
    await until(async () => (await left()) === 0);
  });

  it('gets batches of one session at a time', async () => {
    await send('x', 'x1', 'x2', 'x3');
    await send('y', 'y1');
    const batches: string[][] = [];
    start('many', async (bodies) => void batches.push(bodies));
    await until(() => batches.flat().length === 4);
    expect(batches.every((batch) => new Set(batch.map((body) => body[0])).size === 1)).toBe(true);
    expect(batches.flat().filter((body) => body.startsWith('x'))).toEqual(['x1', 'x2', 'x3']);
  });

  it('waits for a session, and is not the holder of one that it left', async () => {
    const seen: string[] = [];
    start('one', async ([body = '']) => void seen.push(body));
    await send('late', '1');
    await until(() => seen.length === 1);
    const session = await until(() => client.acceptSession(queue, 'late').catch(() => undefined), {
      what: 'the session to be left',
    });
    await session.close();
    await send('late', '2');
    await until(() => seen.length === 2);
  });
});
