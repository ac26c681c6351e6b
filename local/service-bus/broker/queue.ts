/**
 * A queue: messages in order, handed to consumers under a lock, until one completes them or they end as dead letters.
 * A subscription is a queue that its topic fills, and a dead-letter queue is one as well.
 * Must not know AMQP: content is opaque, and a consumer is whoever says how much it takes.
 */
import type { EntityStore } from '../store/entity-store.ts';
import type { Alarm, Clock } from './clock.ts';
import { Line } from './line.ts';
import { Locks, type Lock } from './locks.ts';
import type { Arrival, StoredMessage } from './message.ts';
import type { Consumer, Fetched, Fetching, QueueSettings, Stamp } from './queue-terms.ts';
import { lockLost, messageNotFound, Refusal } from './refusal.ts';
import { Sessions, type HeldSession } from './sessions.ts';

export interface QueueParts {
  settings: QueueSettings;
  store: EntityStore;
  clock: Clock;
  /** Where dead letters go; a queue without is itself one for them, and keeps everything. */
  deadLetters?: { queue: Queue; stamp: Stamp } | undefined;
}

type Unlocked = Pick<StoredMessage, 'sequence' | 'attempts' | 'expiresAt' | 'session' | 'state'>;

export class Queue {
  /** Where it requires them. */
  readonly sessions: Sessions | undefined;
  readonly #settings: QueueSettings;
  readonly #store: EntityStore;
  readonly #clock: Clock;
  readonly #deadLetters: QueueParts['deadLetters'];
  readonly #locks: Locks;
  readonly #line = new Line();
  /** Numbers of deferred messages that are locked. */
  readonly #fetched = new Set<number>();
  readonly #consumers: Consumer[] = [];
  readonly #alarm: Alarm;
  #nextExpiry: number | undefined;

  constructor({ settings, store, clock, deadLetters }: QueueParts) {
    this.#settings = settings;
    this.#store = store;
    this.#clock = clock;
    this.#deadLetters = deadLetters;
    this.#locks = new Locks(settings.lockDuration);
    if (settings.requiresSession) {
      const { lockDuration } = settings;
      const onEnd = (locks: Lock[], isLost: boolean) => this.#takeBack(locks, isLost);
      this.sessions = new Sessions({ store, clock, lockDuration, onEnd });
    }
    this.#alarm = clock.alarm(() => this.#onTime());
    // What was locked when the last process ended has lost its lock, and an attempt with it.
    for (const message of store.present()) this.#makeAvailable(message);
    this.#onTime();
  }

  /** Adds a message that is available once it is on the disk. Answers its sequence number. */
  put(arrival: Arrival, originalSequence?: number): number {
    const sequence = this.#store.nextSequence();
    const enqueuedAt = this.#clock.now();
    const lives = Math.min(arrival.timeToLive ?? Infinity, this.#settings.timeToLive);
    const message: StoredMessage = {
      sequence,
      originalSequence: originalSequence ?? sequence,
      id: arrival.id,
      state: 'active',
      enqueuedAt,
      timeToLive: arrival.timeToLive,
      expiresAt: Number.isSafeInteger(enqueuedAt + lives) ? enqueuedAt + lives : undefined,
      scheduledFor: arrival.scheduledFor,
      attempts: 0,
      session: arrival.session,
      hops: arrival.hops ?? 0,
      deadLetterSource: arrival.deadLetterSource,
      content: arrival.content,
    };
    if (this.sessions && arrival.session === undefined) {
      // Only a topic or a forwarding entity comes here with such a message: a sender is refused.
      const description = "Session enabled entity doesn't allow a message whose session identifier is null.";
      this.#buryNew(message, 'Session ID is null.', description);
    } else {
      this.#insert(message);
    }
    return sequence;
  }

  /** At most `count` messages with numbers from `sequence` on, locked, deferred or scheduled ones too. */
  peek(sequence: number, count: number, session?: string): StoredMessage[] {
    return this.#store.page(sequence, count, session);
  }

  /** How many messages are to be had, and how many are locked; with how many sessions, where there are any. */
  get size(): {
    waiting: number;
    locked: number;
    sessions?: { available: number; locked: number };
  } {
    return this.sessions?.size ?? { waiting: this.#line.size, locked: this.#locks.size };
  }

  addConsumer(consumer: Consumer): void {
    this.#consumers.push(consumer);
  }

  /** What it holds stays locked until the locks expire; but a session is free at once. */
  removeConsumer(consumer: Consumer): void {
    const at = this.#consumers.indexOf(consumer);
    if (at >= 0) this.#consumers.splice(at, 1);
    if (consumer.session) {
      this.sessions?.release(consumer.session);
      this.deliver();
    }
  }

  /** Hands out what is available; to be called when a consumer takes more than before. */
  deliver(): void {
    for (;;) {
      const at = this.#consumers.findIndex(
        ({ session, credit }) => credit > 0 && (session === undefined || session.line.size > 0),
      );
      if (at < 0) break;
      const { session } = this.#consumers[at]!;
      const message = this.#nextMessage(session?.line ?? this.#line);
      if (message === undefined) {
        if (session) continue;
        break;
      }
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

  /** Sets a message aside: from now on it is had by its number alone. The attempt counts. */
  defer(token: string, rewrite?: (content: Uint8Array) => Uint8Array): void {
    const { sequence } = this.#release(token);
    if (rewrite) this.#store.setContent(sequence, rewrite(this.#store.read(sequence)!.content));
    this.#store.setState(sequence, 'deferred');
  }

  /**
   * Hands out deferred messages by their numbers, under locks or for good; of the session that is held, where there are
   * sessions. All of them, or none where one is not deferred or is locked (`messageNotFound`).
   */
  fetch(sequences: number[], { locks, session }: Fetching): Fetched[] {
    if (this.sessions && session === undefined) {
      throw new Refusal('not-allowed', 'A message of a session is received by who holds the session.');
    }
    const messages = sequences.map((sequence) => {
      const message = this.#store.read(sequence);
      const isHere = message?.state === 'deferred' && message.session === (session?.id ?? message.session);
      if (!isHere || this.#fetched.has(sequence)) throw messageNotFound(sequence);
      return message;
    });
    const fetched = messages.map((message) => {
      if (!locks) {
        this.#store.remove(message.sequence);
        return { message, lock: undefined };
      }
      this.#fetched.add(message.sequence);
      return this.#lock(message, session);
    });
    this.#setAlarm();
    return fetched;
  }

  /** Removes messages that wait, the oldest first, and were enqueued before a time. Answers how many. */
  purge(count: number, { before, session }: { before: number; session: string | undefined }): number {
    let removed = 0;
    for (const message of this.#store.present()) {
      if (removed >= count) break;
      const isMeant = message.enqueuedAt < before && message.session === (session ?? message.session);
      if (!isMeant || message.state !== 'active' || !this.#unwait(message)) continue;
      this.#store.remove(message.sequence);
      removed += 1;
    }
    return removed;
  }

  /** Moves a message to the dead letters, with what `rewrite` makes of its content. */
  deadLetter(token: string, rewrite: (content: Uint8Array) => Uint8Array): void {
    const lock = this.#release(token);
    const message = this.#store.read(lock.sequence)!;
    this.#bury({ ...message, attempts: message.attempts - 1, content: rewrite(message.content) });
  }

  /** Takes in a dead letter of another queue. */
  adopt(message: StoredMessage): void {
    const sequence = this.#store.nextSequence();
    this.#insert({ ...message, sequence, state: 'active', expiresAt: undefined });
  }

  /** Prolongs a lock by the queue's lock duration from now. Answers its new end. */
  renewLock(token: string): number {
    if (this.sessions) {
      throw new Refusal(
        'not-allowed',
        'The locks of messages of a session last as long as that of the session.',
      );
    }
    const now = this.#clock.now();
    const lock = this.#locks.find(token, now);
    if (lock === undefined) throw lockLost();
    const { until } = this.#locks.renew(lock, now);
    this.#setAlarm();
    return until;
  }

  /** Whether a lock still holds. */
  holds(token: string): boolean {
    if (this.sessions) return this.sessions.holdsLock(token);
    return this.#locks.find(token, this.#clock.now()) !== undefined;
  }

  #insert(message: StoredMessage): void {
    this.#store.insert(message);
    this.#nextExpiry = earliest(this.#nextExpiry, message.expiresAt);
    void this.#store.onDisk().then(() => {
      this.#wait(message);
      this.deliver();
    });
  }

  #nextMessage(line: Line): StoredMessage | undefined {
    for (;;) {
      const sequence = line.next();
      if (sequence === undefined) return undefined;
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
    const held = this.#lock(message, consumer.session);
    consumer.take(held.message, held.lock);
  }

  /** Locks a message, which is an attempt. */
  #lock(message: StoredMessage, session: HeldSession | undefined): { message: StoredMessage; lock: Lock } {
    const attempts = message.attempts + 1;
    this.#store.setAttempts(message.sequence, attempts);
    const lock = session
      ? this.sessions!.lock(session, message.sequence)
      : this.#locks.take(message.sequence, this.#clock.now());
    return { message: { ...message, attempts }, lock };
  }

  /** What was handed out of a session that is over. */
  #takeBack(locks: Lock[], isLost: boolean): void {
    for (const { sequence } of locks) {
      const message = this.#store.read(sequence)!;
      if (!isLost) {
        message.attempts -= 1;
        this.#store.setAttempts(sequence, message.attempts);
      }
      this.#makeAvailable(message);
    }
  }

  #release(token: string): Lock {
    const lock = this.sessions?.takeLock(token) ?? this.#locks.find(token, this.#clock.now());
    if (lock === undefined) throw lockLost();
    this.#locks.remove(lock);
    this.#fetched.delete(lock.sequence);
    return lock;
  }

  #makeAvailable(message: Unlocked): void {
    const { sequence, attempts, expiresAt, state } = message;
    if (state === 'deferred') this.#fetched.delete(sequence);
    if (this.#deadLetters && attempts >= this.#settings.maxDeliveryCount) {
      const description = `Message could not be consumed after ${this.#settings.maxDeliveryCount} delivery attempts.`;
      this.#buryFor(this.#store.read(sequence)!, 'MaxDeliveryCountExceeded', description);
    } else if (state === 'deferred') {
      // It is had by its number, and does not expire: https://learn.microsoft.com/azure/service-bus-messaging/message-deferral
    } else if (expiresAt !== undefined && expiresAt <= this.#clock.now()) {
      this.#expire(this.#store.read(sequence)!);
    } else {
      this.#wait(message);
    }
  }

  #wait({ sequence, session }: Unlocked): void {
    if (this.sessions) this.sessions.wait(session!, sequence);
    else this.#line.add(sequence);
  }

  /** Takes a message out of those that wait; answers whether it was among them. */
  #unwait({ sequence, session }: Unlocked): boolean {
    return this.sessions ? this.sessions.remove(session!, sequence) : this.#line.remove(sequence);
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

  /** For a message that never was in this queue. */
  #buryNew(message: StoredMessage, reason: string, description: string): void {
    const content = this.#deadLetters!.stamp(message.content, reason, description);
    this.#deadLetters!.queue.adopt({ ...message, content });
  }

  #bury(message: StoredMessage): void {
    this.#store.remove(message.sequence);
    if (this.#deadLetters) this.#deadLetters.queue.adopt(message);
    else this.adopt(message);
  }

  #onTime(): void {
    const now = this.#clock.now();
    for (const { sequence } of this.#locks.removeExpired(now)) {
      this.#makeAvailable(this.#store.read(sequence)!);
    }
    this.sessions?.endExpired();
    if (this.#nextExpiry === undefined || this.#nextExpiry <= now) {
      // A locked message is left alone; it is looked at again when its lock ends.
      for (const sequence of this.#store.expiredAt(now)) {
        const message = this.#store.read(sequence)!;
        if (this.#unwait(message)) this.#expire(message);
      }
      this.#nextExpiry = this.#store.nextExpiry(now);
    }
    this.deliver();
  }

  #setAlarm(): void {
    const nextLock = this.sessions ? this.sessions.nextExpiry() : this.#locks.nextExpiry();
    this.#alarm.set(earliest(nextLock, this.#nextExpiry));
  }
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
