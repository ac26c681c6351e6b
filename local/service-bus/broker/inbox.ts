/**
 * The way in of a queue or a topic: repeats are dropped, what is scheduled waits for its time, the rest goes on at
 * once. Must not know AMQP, nor where the way leads.
 */
import type { EntityStore } from '../store/entity-store.ts';
import type { Alarm, Clock } from './clock.ts';
import type { Arrival } from './message.ts';
import { messageNotFound, Refusal } from './refusal.ts';

/** Takes a message that is due; answers the number under which it is known there. */
export type Route = (arrival: Arrival, originalSequence?: number) => number;

export interface InboxParts {
  store: EntityStore;
  clock: Clock;
  route: Route;
  /** Milliseconds for which an id is remembered; absent where repeats are welcome. */
  duplicateWindow?: number | undefined;
  requiresSession?: boolean | undefined;
}

export class Inbox {
  readonly #store: EntityStore;
  readonly #clock: Clock;
  readonly #route: Route;
  readonly #duplicateWindow: number | undefined;
  readonly #requiresSession: boolean;
  readonly #alarm: Alarm;

  constructor({ store, clock, route, duplicateWindow, requiresSession = false }: InboxParts) {
    this.#store = store;
    this.#clock = clock;
    this.#route = route;
    this.#duplicateWindow = duplicateWindow;
    this.#requiresSession = requiresSession;
    this.#alarm = clock.alarm(() => this.#onTime());
    this.#onTime();
  }

  /**
   * Takes messages, all of them within one transaction; resolves once they are on the disk.
   * Answers their sequence numbers; a repeat that was dropped has 0. Refuses all where one has no session and must.
   */
  async send(arrivals: Arrival[]): Promise<number[]> {
    for (const arrival of arrivals) this.#check(arrival);
    const sequences = arrivals.map((arrival) => this.#accept(arrival));
    await this.#store.onDisk();
    return sequences;
  }

  /** Takes a message that another entity forwards, as part of this turn's transaction. Refuses as `send` does. */
  takeForwarded(arrival: Arrival, originalSequence: number): void {
    this.#check(arrival);
    this.#accept(arrival, originalSequence);
  }

  /** Takes scheduled messages back; none of them where one is not there any more (`messageNotFound`). */
  async cancel(sequences: number[]): Promise<void> {
    for (const sequence of sequences) {
      if (this.#store.read(sequence)?.state !== 'scheduled') throw messageNotFound(sequence);
    }
    for (const sequence of sequences) this.#store.remove(sequence);
    await this.#store.onDisk();
  }

  #check({ session }: Arrival): void {
    if (this.#requiresSession && session === undefined) {
      throw new Refusal(
        'not-allowed',
        'The SessionId was not set on a message, and it cannot be sent to the entity. Entities that have session support enabled can only receive messages that have the SessionId set to a valid value.',
      );
    }
  }

  #accept(arrival: Arrival, originalSequence?: number): number {
    const now = this.#clock.now();
    if (this.#duplicateWindow !== undefined) {
      if (this.#store.hasSeen(arrival.id, now)) return 0;
      this.#store.remember(arrival.id, now + this.#duplicateWindow, now);
    }
    if (arrival.scheduledFor === undefined || arrival.scheduledFor <= now) {
      return this.#route(arrival, originalSequence);
    }
    return this.#schedule(arrival, arrival.scheduledFor, now);
  }

  #schedule(arrival: Arrival, scheduledFor: number, now: number): number {
    const sequence = this.#store.nextSequence();
    this.#store.insert({
      sequence,
      originalSequence: sequence,
      id: arrival.id,
      state: 'scheduled',
      enqueuedAt: now,
      timeToLive: arrival.timeToLive,
      expiresAt: undefined,
      scheduledFor,
      attempts: 0,
      session: arrival.session,
      hops: arrival.hops ?? 0,
      deadLetterSource: arrival.deadLetterSource,
      content: arrival.content,
    });
    this.#setAlarm();
    return sequence;
  }

  #onTime(): void {
    for (const message of this.#store.scheduledUntil(this.#clock.now())) {
      this.#store.remove(message.sequence);
      this.#route(message, message.sequence);
    }
    this.#setAlarm();
  }

  #setAlarm(): void {
    this.#alarm.set(this.#store.nextScheduled());
  }
}
