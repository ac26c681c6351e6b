/**
 * A queue: messages in order, handed to consumers under a lock, until one completes them or they end as dead letters.
 * A subscription is a queue that its topic fills, and a dead-letter queue is one as well.
 * Must not know AMQP: content is opaque, and a consumer is whoever says how much it takes.
 */
import TinyQueue from 'tinyqueue';
import type { EntityStore } from '../store/entity-store.ts';
import type { Alarm, Clock } from './clock.ts';
import { Locks, type Lock } from './locks.ts';
import type { Arrival, StoredMessage } from './message.ts';
import { lockLost } from './refusal.ts';

export interface QueueSettings {
  /** Milliseconds. */
  lockDuration: number;
  /** After so many attempts a message is a dead letter. */
  maxDeliveryCount: number;
  /** Milliseconds; the longest that a message lives here, whatever its sender says. */
  timeToLive: number;
  deadLetterOnExpiration: boolean;
}

/** Writes into a message's content why it is a dead letter. */
export type Stamp = (content: Uint8Array, reason: string, description: string) => Uint8Array;

export interface Consumer {
  /** How many messages it takes now. */
  readonly credit: number;
  /** A message handed over without a lock is gone from the queue before it is given. */
  readonly locks: boolean;
  take(message: StoredMessage, lock: Lock | undefined): void;
}

export interface QueueParts {
  settings: QueueSettings;
  store: EntityStore;
  clock: Clock;
  /** Where dead letters go; a queue without is itself one for them, and keeps everything. */
  deadLetters?: { queue: Queue; stamp: Stamp } | undefined;
}

type Unlocked = Pick<StoredMessage, 'sequence' | 'attempts' | 'expiresAt'>;

export class Queue {
  readonly #settings: QueueSettings;
  readonly #store: EntityStore;
  readonly #clock: Clock;
  readonly #deadLetters: QueueParts['deadLetters'];
  readonly #locks: Locks;
  /** Numbers in order; one that is not in `#waiting` any more is skipped. */
  readonly #order = new TinyQueue<number>();
  readonly #waiting = new Set<number>();
  readonly #consumers: Consumer[] = [];
  readonly #alarm: Alarm;
  #nextExpiry: number | undefined;

  constructor({ settings, store, clock, deadLetters }: QueueParts) {
    this.#settings = settings;
    this.#store = store;
    this.#clock = clock;
    this.#deadLetters = deadLetters;
    this.#locks = new Locks(settings.lockDuration);
    this.#alarm = clock.alarm(() => this.#onTime());
    // What was locked when the last process ended has lost its lock, and an attempt with it.
    for (const message of store.active()) this.#makeAvailable(message);
    this.#onTime();
  }

  /** Adds a message that is available once it is on the disk. Answers its sequence number. */
  put(arrival: Arrival, originalSequence?: number): number {
    const sequence = this.#store.nextSequence();
    const enqueuedAt = this.#clock.now();
    const lives = Math.min(arrival.timeToLive ?? Infinity, this.#settings.timeToLive);
    this.#insert({
      sequence,
      originalSequence: originalSequence ?? sequence,
      id: arrival.id,
      state: 'active',
      enqueuedAt,
      timeToLive: arrival.timeToLive,
      expiresAt: Number.isSafeInteger(enqueuedAt + lives) ? enqueuedAt + lives : undefined,
      scheduledFor: arrival.scheduledFor,
      attempts: 0,
      content: arrival.content,
    });
    return sequence;
  }

  /** At most `count` messages with numbers from `sequence` on, locked or scheduled ones too. */
  peek(sequence: number, count: number): StoredMessage[] {
    return this.#store.page(sequence, count);
  }

  /** How many messages are to be had, and how many are locked. */
  get size(): { waiting: number; locked: number } {
    return { waiting: this.#waiting.size, locked: this.#locks.size };
  }

  addConsumer(consumer: Consumer): void {
    this.#consumers.push(consumer);
  }

  /** What it holds stays locked until the locks expire. */
  removeConsumer(consumer: Consumer): void {
    const at = this.#consumers.indexOf(consumer);
    if (at >= 0) this.#consumers.splice(at, 1);
  }

  /** Hands out what is available; to be called when a consumer takes more than before. */
  deliver(): void {
    for (;;) {
      const at = this.#consumers.findIndex((each) => each.credit > 0);
      if (at < 0) break;
      const message = this.#nextMessage();
      if (message === undefined) break;
      const [consumer] = this.#consumers.splice(at, 1) as [Consumer];
      // To the end of the line, so that consumers share what there is.
      this.#consumers.push(consumer);
      this.#hand(message, consumer);
    }
    this.#setAlarm();
  }

  /** Resolves once what was done so far is on the disk. */
  onDisk(): Promise<void> {
    return this.#store.onDisk();
  }

  /** Removes a message for good. Throws `lockLost`, as all that take a token do. */
  complete(token: string): void {
    const lock = this.#release(token);
    this.#store.remove(lock.sequence);
  }

  /** Gives a message back as a failed attempt; the last one allowed makes it a dead letter. */
  abandon(token: string, rewrite?: (content: Uint8Array) => Uint8Array): void {
    const lock = this.#release(token);
    const message = this.#store.read(lock.sequence)!;
    if (rewrite) this.#store.setContent(lock.sequence, rewrite(message.content));
    this.#makeAvailable(message);
    this.deliver();
  }

  /** Gives a message back as if it had never been handed out. */
  giveBack(token: string): void {
    const lock = this.#release(token);
    const message = this.#store.read(lock.sequence)!;
    const attempts = message.attempts - 1;
    this.#store.setAttempts(lock.sequence, attempts);
    this.#makeAvailable({ ...message, attempts });
    this.deliver();
  }

  /** Moves a message to the dead letters, with what `rewrite` makes of its content. */
  deadLetter(token: string, rewrite: (content: Uint8Array) => Uint8Array): void {
    const lock = this.#release(token);
    const message = this.#store.read(lock.sequence)!;
    this.#bury({ ...message, attempts: message.attempts - 1, content: rewrite(message.content) });
  }

  /** Prolongs a lock by the queue's lock duration from now. Answers its new end. */
  renewLock(token: string): number {
    const now = this.#clock.now();
    const lock = this.#locks.find(token, now);
    if (lock === undefined) throw lockLost();
    const { until } = this.#locks.renew(lock, now);
    this.#setAlarm();
    return until;
  }

  /** Whether a lock still holds. */
  holds(token: string): boolean {
    return this.#locks.find(token, this.#clock.now()) !== undefined;
  }

  #insert(message: StoredMessage): void {
    this.#store.insert(message);
    this.#nextExpiry = earliest(this.#nextExpiry, message.expiresAt);
    void this.#store.onDisk().then(() => {
      this.#wait(message.sequence);
      this.deliver();
    });
  }

  #nextMessage(): StoredMessage | undefined {
    for (;;) {
      const sequence = this.#order.pop();
      if (sequence === undefined) return undefined;
      if (!this.#waiting.delete(sequence)) continue;
      const message = this.#store.read(sequence)!;
      if (message.expiresAt === undefined || message.expiresAt > this.#clock.now()) return message;
      this.#expire(message);
    }
  }

  #hand(message: StoredMessage, consumer: Consumer): void {
    if (!consumer.locks) {
      this.#store.remove(message.sequence);
      consumer.take(message, undefined);
      return;
    }
    const attempts = message.attempts + 1;
    this.#store.setAttempts(message.sequence, attempts);
    consumer.take({ ...message, attempts }, this.#locks.take(message.sequence, this.#clock.now()));
  }

  #release(token: string): Lock {
    const lock = this.#locks.find(token, this.#clock.now());
    if (lock === undefined) throw lockLost();
    this.#locks.remove(lock);
    return lock;
  }

  #makeAvailable({ sequence, attempts, expiresAt }: Unlocked): void {
    if (this.#deadLetters && attempts >= this.#settings.maxDeliveryCount) {
      const description = `Message could not be consumed after ${this.#settings.maxDeliveryCount} delivery attempts.`;
      this.#buryFor(this.#store.read(sequence)!, 'MaxDeliveryCountExceeded', description);
    } else if (expiresAt !== undefined && expiresAt <= this.#clock.now()) {
      this.#expire(this.#store.read(sequence)!);
    } else {
      this.#wait(sequence);
    }
  }

  #wait(sequence: number): void {
    this.#waiting.add(sequence);
    this.#order.push(sequence);
  }

  #expire(message: StoredMessage): void {
    if (this.#settings.deadLetterOnExpiration && this.#deadLetters) {
      this.#buryFor(message, 'TTLExpiredException', 'The message expired and was dead lettered.');
    } else {
      this.#store.remove(message.sequence);
    }
  }

  #buryFor(message: StoredMessage, reason: string, description: string): void {
    const content = this.#deadLetters!.stamp(message.content, reason, description);
    this.#bury({ ...message, content });
  }

  #bury(message: StoredMessage): void {
    this.#store.remove(message.sequence);
    if (this.#deadLetters) this.#deadLetters.queue.#adopt(message);
    else this.#adopt(message);
  }

  #adopt(message: StoredMessage): void {
    this.#insert({ ...message, sequence: this.#store.nextSequence(), expiresAt: undefined });
  }

  #onTime(): void {
    const now = this.#clock.now();
    for (const { sequence } of this.#locks.removeExpired(now)) {
      this.#makeAvailable(this.#store.read(sequence)!);
    }
    if (this.#nextExpiry === undefined || this.#nextExpiry <= now) {
      // A locked message is left alone; it is looked at again when its lock ends.
      for (const sequence of this.#store.expiredAt(now)) {
        if (this.#waiting.delete(sequence)) this.#expire(this.#store.read(sequence)!);
      }
      this.#nextExpiry = this.#store.nextExpiry(now);
    }
    this.deliver();
  }

  #setAlarm(): void {
    this.#alarm.set(earliest(this.#locks.nextExpiry(), this.#nextExpiry));
  }
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
