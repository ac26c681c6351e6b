/** The Service Bus trigger with sessions, on sessions held in memory: order, how many at a time, and when one is left. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Faults } from '../../../local/fault-injection/faults.ts';
import { SessionTrigger } from '../../../local/functions-host/service-bus/session-trigger.ts';
import type { ServiceBusTriggerOptions } from '../../../local/functions-host/service-bus/trigger-options.ts';
import { until } from '../../support/until.ts';

/** A queue whose sessions are lists of texts, as the SDK's client shows it. */
class Sessions {
  readonly waiting = new Map<string, string[]>();
  readonly settled: string[] = [];
  readonly locked = new Set<string>();
  /** How many were locked at a time at most. */
  most = 0;
  /** How often something was told to go away. */
  troubles = 0;

  add(session: string, ...bodies: string[]): void {
    this.waiting.set(session, [...(this.waiting.get(session) ?? []), ...bodies]);
  }

  client = {
    acceptNextSession: async () => {
      if (this.troubles > 0) {
        this.troubles -= 1;
        throw new Error('The namespace is away.');
      }
      const name = [...this.waiting].find(([key, bodies]) => bodies.length > 0 && !this.locked.has(key))?.[0];
      if (name === undefined) throw Object.assign(new Error('None'), { code: 'ServiceTimeout' });
      this.locked.add(name);
      this.most = Math.max(this.most, this.locked.size);
      return this.#receiver(name);
    },
  };

  #receiver(name: string) {
    const list = (): string[] => this.waiting.get(name) ?? [];
    return {
      receiveMessages: async (most: number, { maxWaitTimeInMs }: { maxWaitTimeInMs: number }) => {
        if (list().length === 0) await wait(maxWaitTimeInMs);
        return list()
          .slice(0, most)
          .map((body) => ({ body: Buffer.from(body), messageId: body, sessionId: name }));
      },
      completeMessage: async ({ messageId }: { messageId: string }) => {
        this.settled.push(messageId);
        this.waiting.set(
          name,
          list().filter((body) => body !== messageId),
        );
      },
      // It stays where it is, and comes first again.
      abandonMessage: async ({ messageId }: { messageId: string }) =>
        void this.settled.push(`${messageId} again`),
      close: async () => void this.locked.delete(name),
    };
  }
}

let trigger: SessionTrigger | undefined;
afterEach(() => trigger?.stop());

/** Starts a trigger whose function is `run`; it is given the texts of an invocation. */
function start(sessions: Sessions, cardinality: string, run: (bodies: string[]) => Promise<void>): string[] {
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
    connections: { client: async () => sessions.client },
    entity: { queue: 'q' },
    serviceBus: {
      autoCompleteMessages: true,
      maxConcurrentSessions: 3,
      maxMessageBatchSize: 2,
      sessionIdleTimeout: 20,
      maxAutoLockRenewalDuration: 0,
    },
  };
  trigger = new SessionTrigger(options as unknown as ServiceBusTriggerOptions);
  void trigger.start();
  return lines;
}

describe('a function for single messages of sessions', () => {
  it('runs several sessions at a time, and within each one message after the other, in order', async () => {
    const sessions = new Sessions();
    for (const name of ['a', 'b', 'c', 'd', 'e']) sessions.add(name, `${name}1`, `${name}2`, `${name}3`);
    const running = new Set<string>();
    let most = 0;
    start(sessions, 'one', async ([body = '']) => {
      expect(running.has(body[0]!)).toBe(false);
      running.add(body[0]!);
      most = Math.max(most, running.size);
      await wait(5);
      running.delete(body[0]!);
    });
    await until(() => sessions.settled.length === 15);
    expect(most).toBe(3);
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      expect(sessions.settled.filter((body) => body.startsWith(name))).toEqual([
        `${name}1`,
        `${name}2`,
        `${name}3`,
      ]);
    }
  });

  it('gets a message at which it failed again before any other of the session', async () => {
    const sessions = new Sessions();
    sessions.add('a', 'a1', 'a2');
    let failures = 2;
    start(sessions, 'one', async ([body]) => {
      if (body === 'a1' && failures-- > 0) throw new Error('on purpose');
    });
    await until(() => sessions.settled.length === 4);
    expect(sessions.settled).toEqual(['a1 again', 'a1 again', 'a1', 'a2']);
  });

  it('stays with a session until it has had nothing for the idle time, then leaves it', async () => {
    const sessions = new Sessions();
    sessions.add('a', 'a1');
    start(sessions, 'one', async () => undefined);
    await until(() => sessions.settled.length === 1);
    await until(() => sessions.locked.size === 0, { what: 'the session to be left' });
    sessions.add('a', 'a2');
    await until(() => sessions.settled.length === 2);
  });

  it('says once that the namespace is away, and goes on when it is back', async () => {
    const sessions = new Sessions();
    sessions.troubles = 3;
    const lines = start(sessions, 'one', async () => undefined);
    sessions.add('a', 'a1');
    await until(() => sessions.settled.length === 1);
    expect(lines).toEqual(['Receiving sessions from q is interrupted: The namespace is away. Trying again.']);
    expect(trigger?.state).toBe('receiving');
  });
});

describe('a function for batches of sessions', () => {
  it('takes one session at a time, until it is empty', async () => {
    const sessions = new Sessions();
    sessions.add('a', 'a1', 'a2', 'a3');
    sessions.add('b', 'b1');
    const batches: string[][] = [];
    start(sessions, 'many', async (bodies) => void batches.push(bodies));
    await until(() => sessions.settled.length === 4);
    expect(sessions.most).toBe(1);
    expect(batches).toEqual([['a1', 'a2'], ['a3'], ['b1']]);
  });
});
