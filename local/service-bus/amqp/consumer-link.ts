/** A link on which a client receives: a consumer of a queue, with the client's credit, and the settling of what it got. */
import rhea, { type Delivery, type EventContext, type Sender, type Typed } from 'rhea';
import type { Lock } from '../broker/locks.ts';
import type { StoredMessage } from '../broker/message.ts';
import type { Consumer, Queue } from '../broker/queue.ts';
import { plain } from './codec.ts';
import { encodeDeparture, withApplicationProperties } from './departure.ts';
import { entriesOf } from './encoded-message.ts';
import { wireError } from './errors.ts';
import { tagOf, tokenOf } from './lock-token.ts';
import {
  answerAttach,
  creditOf,
  finishDrain,
  forget,
  isDraining,
  outcomeFields,
  outgoingWindow,
} from './rhea-internals.ts';
import { notImplemented } from '../broker/refusal.ts';

const outcomes = rhea.message as unknown as {
  accepted(): { described(): unknown };
  rejected(fields: { error: { condition: string; description: string } }): { described(): unknown };
};

const settleModes = { unsettled: 0, settled: 1 } as const;

/** So many deliveries whose locks are lost may wait for a late settlement. */
const fewHeld = 1_024;

export class ConsumerLink implements Consumer {
  readonly locks: boolean;
  readonly #link: Sender;
  readonly #queue: Queue;
  #credit = 0;
  /** Ids of deliveries that rhea may not have written yet. */
  #unwritten: number[] = [];
  /** How many messages wait for the disk before they go out. */
  #promised = 0;
  /** What was handed out under a lock and is not settled. */
  readonly #held = new Map<string, Delivery>();
  #crowd = fewHeld;
  #attached = false;

  constructor(link: Sender, queue: Queue) {
    this.#link = link;
    this.#queue = queue;
    this.locks = link.snd_settle_mode !== settleModes.settled;
    answerAttach(link, {
      snd_settle_mode: this.locks ? settleModes.unsettled : settleModes.settled,
      rcv_settle_mode: link.rcv_settle_mode,
    });
    link.on('sender_flow', () => this.#onFlow());
    link.on('accepted', (context: EventContext) => this.#settle(context, (token) => queue.complete(token)));
    link.on('released', (context: EventContext) => this.#settle(context, (token) => queue.giveBack(token)));
    link.on('rejected', (context: EventContext) => this.#settle(context, this.#reject));
    link.on('modified', (context: EventContext) => this.#settle(context, this.#modify));
    link.on('settled', (context: EventContext) => forget(context.delivery!));
    // rhea writes transfers before attaches: what is sent in this turn would come before the link is there.
    setImmediate(() => {
      this.#attached = true;
      queue.addConsumer(this);
      this.#onFlow();
    });
  }

  get credit(): number {
    return this.#link.is_open() ? Math.min(this.#credit, outgoingWindow(this.#link.session).available()) : 0;
  }

  take(message: StoredMessage, lock: Lock | undefined): void {
    this.#credit -= 1;
    const bytes = encodeDeparture(message, lock);
    const tag = tagOf(lock?.token ?? rhea.generate_uuid().replaceAll('-', ''));
    this.#promised += 1;
    // After the disk has it: a lock whose attempt is counted, or that the message is gone. Whenever this process ends,
    // nobody gets a message twice that was to be given once, and no attempt is forgotten.
    void this.#queue.onDisk().then(() => {
      this.#promised -= 1;
      const delivery = this.#send(bytes, tag);
      if (lock && delivery) this.#hold(lock.token, delivery);
      // The client went meanwhile: what it never saw need not wait for the end of a lock.
      else if (lock && this.#queue.holds(lock.token)) this.#queue.giveBack(lock.token);
    });
  }

  /** Hands nothing out any more. */
  close(): void {
    this.#credit = 0;
    this.#attached = false;
    this.#queue.removeConsumer(this);
  }

  #send(bytes: Buffer, tag: Buffer): Delivery | undefined {
    if (!this.#link.is_open()) return undefined;
    const delivery = this.#link.send(bytes, tag, 0);
    this.#unwritten.push(delivery.id);
    return delivery;
  }

  /** A client that never settles would fill rhea's window in the end, so the oldest lost ones are dropped from it. */
  #hold(token: string, delivery: Delivery): void {
    this.#held.set(token, delivery);
    if (this.#held.size < this.#crowd) return;
    for (const [each, lost] of this.#held) {
      if (this.#queue.holds(each)) continue;
      this.#held.delete(each);
      forget(lost);
    }
    this.#crowd = Math.max(fewHeld, this.#held.size * 2);
  }

  #onFlow(): void {
    if (!this.#attached || !this.#link.is_open()) return;
    const { next_pending_delivery: firstUnwritten } = outgoingWindow(this.#link.session);
    this.#unwritten = this.#unwritten.filter((id) => id >= firstUnwritten);
    this.#credit = Math.max(0, creditOf(this.#link) - this.#unwritten.length - this.#promised);
    this.#queue.deliver();
    if (isDraining(this.#link)) {
      this.#credit = 0;
      // After what is still promised, or it would go out without credit.
      void this.#queue.onDisk().then(() => finishDrain(this.#link));
    }
  }

  /** Answers a settlement, after the disk has it. */
  #settle({ delivery }: EventContext, act: (token: string, delivery: Delivery) => void): void {
    if (delivery === undefined) return;
    const token = tokenOf(delivery.tag as Buffer);
    this.#held.delete(token);
    const answer = (state: unknown) => {
      delivery.update(true, state);
      forget(delivery);
    };
    try {
      act(token, delivery);
    } catch (thrown) {
      const { condition, description } = wireError(thrown);
      answer(outcomes.rejected({ error: { condition, description } }).described());
      return;
    }
    // The same for every outcome: an echo of a rejection would read as an error.
    void this.#queue.onDisk().then(() => answer(outcomes.accepted().described()));
  }

  /** Rejecting is how a client dead-letters; what it says about why goes with the message. */
  #reject = (token: string, delivery: Delivery): void => {
    const error = outcomeFields(delivery)[0]?.value as (Typed | undefined)[] | undefined;
    const reasons = entriesOf(error?.[2]);
    this.#queue.deadLetter(token, (content) => withApplicationProperties(content, reasons));
  };

  /** Modifying is how a client abandons (with changes to properties, perhaps), or defers. */
  #modify = (token: string, delivery: Delivery): void => {
    const [, undeliverableHere, changes] = outcomeFields(delivery);
    if (plain(undeliverableHere) === true) throw notImplemented('deferred messages');
    const properties = entriesOf(changes);
    if (properties.size === 0) this.#queue.abandon(token);
    else this.#queue.abandon(token, (content) => withApplicationProperties(content, properties));
  };
}
