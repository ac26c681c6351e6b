/**
 * A queue against a simple model of one, under random sequences of what clients and time do to it. The clock is the
 * test's, the disk is real, and so are restarts: the queue is built again from what the disk has.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../local/service-bus/broker/clock.ts';
import type { Lock } from '../../../local/service-bus/broker/locks.ts';
import type { StoredMessage } from '../../../local/service-bus/broker/message.ts';
import { Queue } from '../../../local/service-bus/broker/queue.ts';
import type { Consumer } from '../../../local/service-bus/broker/queue-terms.ts';
import { Database } from '../../../local/service-bus/store/database.ts';
import { Store } from '../../../local/service-bus/store/entity-store.ts';

const lockDuration = 1_000;
const maxDeliveryCount = 3;

/** Time that passes only when the test says so. */
class ManualClock implements Clock {
  #now = 1_000_000;
  readonly #alarms = new Set<{ time: number | undefined; ring: () => void }>();

  now(): number {
    return this.#now;
  }

  alarm(ring: () => void) {
    const alarm = { time: undefined as number | undefined, ring };
    this.#alarms.add(alarm);
    return {
      set: (time: number | undefined) => {
        alarm.time = time;
      },
    };
  }

  /** The process that set them has ended. */
  forgetAlarms(): void {
    this.#alarms.clear();
  }

  /** Rings what is due on the way, each at its time. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = [...this.#alarms].filter((each) => each.time !== undefined && each.time <= end);
      const next = due.toSorted((a, b) => a.time! - b.time!)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.time!);
      next.time = undefined;
      next.ring();
    }
    this.#now = end;
  }
}

interface ModelMessage {
  body: string;
  attempts: number;
  expiresAt: number;
  lockedUntil: number | undefined;
  /** The token of its lock; one that is over is another's. */
  holder: string | undefined;
}

/** What a queue is, told as plainly as possible: a list in order. */
class Model {
  messages: ModelMessage[] = [];
  dead: string[] = [];

  /** What time has done by now. */
  settleTime(now: number): void {
    const lost = this.messages.filter((each) => each.lockedUntil !== undefined && each.lockedUntil <= now);
    for (const message of lost) this.free(message);
    const over = this.messages.filter((each) => each.lockedUntil === undefined && each.expiresAt <= now);
    for (const message of over) this.bury(message);
  }

  /** A failed attempt is over. */
  free(message: ModelMessage): void {
    message.lockedUntil = undefined;
    if (message.attempts >= maxDeliveryCount) this.bury(message);
  }

  bury(message: ModelMessage): void {
    this.remove(message);
    this.dead.push(message.body);
  }

  remove(message: ModelMessage): void {
    this.messages.splice(this.messages.indexOf(message), 1);
  }
}

interface Held {
  lock: Lock;
  of: ModelMessage;
}

/** A queue and its model side by side. */
class Pair {
  readonly folder = mkdtempSync(join(tmpdir(), 'broker-model-'));
  readonly clock = new ManualClock();
  readonly model = new Model();
  /** Locks that were given, lost ones too: using those must be refused. */
  held: Held[] = [];
  database!: Database;
  queue!: Queue;
  dead!: Queue;
  #sent = 0;

  constructor() {
    this.open();
  }

  open(): void {
    this.database = new Database(this.folder, (error) => {
      throw error;
    });
    const store = new Store(this.database);
    const settings = {
      lockDuration,
      maxDeliveryCount,
      timeToLive: 60_000,
      deadLetterOnExpiration: true,
      requiresSession: false,
    };
    const { clock } = this;
    this.dead = new Queue({ settings, store: store.entity('q/dead'), clock });
    const deadLetters = { queue: this.dead, stamp: (content: Uint8Array) => content };
    this.queue = new Queue({ settings, store: store.entity('q'), clock, deadLetters });
  }

  async send(timeToLive: number): Promise<void> {
    const body = `m${(this.#sent += 1)}`;
    this.queue.put({ id: body, content: Buffer.from(body), timeToLive });
    await this.queue.onDisk();
    const expiresAt = this.clock.now() + timeToLive;
    this.model.messages.push({ body, attempts: 0, expiresAt, lockedUntil: undefined, holder: undefined });
  }

  receive(locks: boolean): void {
    const taken: { message: StoredMessage; lock: Lock | undefined }[] = [];
    const consumer: Consumer = {
      get credit() {
        return 1 - taken.length;
      },
      locks,
      take: (message, lock) => void taken.push({ message, lock }),
    };
    this.queue.addConsumer(consumer);
    this.queue.deliver();
    this.queue.removeConsumer(consumer);

    const expected = this.model.messages.find((each) => each.lockedUntil === undefined);
    expect(taken.map(({ message }) => String(Buffer.from(message.content)))).toEqual(
      expected ? [expected.body] : [],
    );
    if (expected === undefined) return;
    const { message, lock } = taken[0]!;
    if (lock === undefined) {
      this.model.remove(expected);
      return;
    }
    expected.attempts += 1;
    expected.lockedUntil = this.clock.now() + lockDuration;
    expected.holder = lock.token;
    expect(message.attempts).toBe(expected.attempts);
    expect(lock.until).toBe(expected.lockedUntil);
    this.held.push({ lock, of: expected });
  }

  /** Uses one of the locks that were given: what it does where it holds, and nothing at all where it does not. */
  settle(pick: number, how: 'complete' | 'abandon' | 'giveBack' | 'deadLetter' | 'renewLock'): void {
    if (this.held.length === 0) return;
    const { lock, of } = this.held.at(-1 - (pick % this.held.length))!;
    const act = () =>
      how === 'deadLetter' ? this.queue[how](lock.token, (content) => content) : this.queue[how](lock.token);
    const holds = of.lockedUntil !== undefined && of.holder === lock.token;
    if (!holds) {
      expect(act).toThrow(/lock/);
      return;
    }
    act();
    if (how === 'renewLock') {
      of.lockedUntil = this.clock.now() + lockDuration;
      return;
    }
    of.lockedUntil = undefined;
    if (how === 'complete') this.model.remove(of);
    if (how === 'deadLetter') this.model.bury(of);
    if (how === 'giveBack') of.attempts -= 1;
    if (how === 'abandon') this.model.free(of);
    this.model.settleTime(this.clock.now());
  }

  wait(milliseconds: number): void {
    // In steps, because the model looks at the result of time and not at its course.
    for (let passed = 0; passed < milliseconds; passed += 50) {
      this.clock.advance(50);
      this.model.settleTime(this.clock.now());
    }
  }

  restart(): void {
    this.database.close();
    this.clock.forgetAlarms();
    const held = this.model.messages.filter((each) => each.lockedUntil !== undefined);
    for (const message of held) this.model.free(message);
    this.model.settleTime(this.clock.now());
    this.open();
  }

  async compare(): Promise<void> {
    await this.queue.onDisk();
    const bodies = (queue: Queue) => queue.peek(1, 1_000).map((each) => String(Buffer.from(each.content)));
    expect(bodies(this.queue)).toEqual(this.model.messages.map((each) => each.body));
    // Two that die at one moment may do so in any order.
    expect(bodies(this.dead).toSorted()).toEqual(this.model.dead.toSorted());
  }

  remove(): void {
    this.database.close();
    rmSync(this.folder, { recursive: true });
  }
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      timeToLive: fc.constantFrom(400, 3_000, 50_000),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('receive' as const), locks: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      // Mostly the newest lock: many of the older ones are lost.
      pick: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20) }),
      how: fc.constantFrom('complete', 'abandon', 'giveBack', 'deadLetter', 'renewLock'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), for: fc.constantFrom(200, 600, 1_100) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  // On its own, or few messages would come to their last attempt.
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fail' as const) }) },
);

describe('a queue', () => {
  it('does what a simple model of it does, whatever happens to it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const pair = new Pair();
        try {
          for (const each of steps) {
            if (each.do === 'send') await pair.send(each.timeToLive);
            else if (each.do === 'receive') pair.receive(each.locks);
            else if (each.do === 'settle') pair.settle(each.pick, each.how);
            else if (each.do === 'wait') pair.wait(each.for);
            else if (each.do === 'restart') pair.restart();
            else {
              pair.receive(true);
              pair.settle(0, 'abandon');
            }
            await pair.compare();
          }
        } finally {
          pair.remove();
        }
      }),
      { numRuns: 80 },
    );
  });
});
