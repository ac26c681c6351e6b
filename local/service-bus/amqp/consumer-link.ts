/** A link on which a client receives: a consumer of a queue, with the client's credit, and the settling of what it got. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import rhea, { type Delivery, type EventContext, type Sender, type Typed } from 'rhea';
import type { Lock } from '../broker/locks.ts';
import type { StoredMessage } from '../broker/message.ts';
import type { Queue } from '../broker/queue.ts';
import type { Consumer } from '../broker/queue-terms.ts';
import type { HeldSession } from '../broker/sessions.ts';
import { plain } from './codec.ts';
import { encodeDeparture, withApplicationProperties } from './departure.ts';
import { entriesOf } from './encoded-message.ts';
import { sessionLockLost, wireError, type WireError } from './errors.ts';
import type { Guard } from './guard.ts';
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

const outcomes = rhea.message as unknown as {
  accepted(): { described(): unknown };
  rejected(fields: { error: { condition: string; description: string } }): { described(): unknown };
};

const settleModes = { unsettled: 0, settled: 1 } as const;

/** So many deliveries whose locks are lost may wait for a late settlement. */
const fewHeld = 1_024;

/** Settles the message of a lock token. Throws a `Refusal`. */
type Settlement = (token: string, delivery: Delivery) => void;

/** Where a link leads from. */
export interface Origin {
  queue: Queue;
  /** What the client has of a queue with sessions. */
  session?: HeldSession | undefined;
  /** The path of the queue, as the client wrote it. */
  entity: string;
  guard: Guard;
}

/** A message on its way out. */
interface Departure {
  bytes: Buffer;
  tag: Buffer;
  lock: Lock | undefined;
  /** For people. */
  detail: string;
}

export class ConsumerLink implements Consumer {
  readonly locks: boolean;
  readonly session: HeldSession | undefined;
  readonly #link: Sender;
  readonly #queue: Queue;
  readonly #entity: string;
  readonly #guard: Guard;
  #credit = 0;
  /** Ids of deliveries that rhea may not have written yet. */
  #unwritten: number[] = [];
  /** How many messages wait for the disk before they go out. */
  #promised = 0;
  /** What was handed out under a lock and is not settled. */
  readonly #held = new Map<string, Delivery>();
  #crowd = fewHeld;
  #attached = false;
  #closed = false;

  constructor(link: Sender, { queue, session, entity, guard }: Origin) {
    this.#link = link;
    this.#queue = queue;
    this.session = session;
    this.#entity = entity;
    this.#guard = guard;
    this.locks = link.snd_settle_mode !== settleModes.settled;
    answerAttach(link, {
      snd_settle_mode: this.locks ? settleModes.unsettled : settleModes.settled,
      rcv_settle_mode: link.rcv_settle_mode,
    });
    link.on('sender_flow', () => this.#onFlow());
    const settlesBy = (outcome: string, verb: string, act: Settlement) =>
      link.on(outcome, ({ delivery }: EventContext) => {
        if (delivery) this.#settle(delivery, verb, act);
      });
    settlesBy('accepted', 'complete', (token) => queue.complete(token));
    settlesBy('released', 'release', (token) => queue.giveBack(token));
    settlesBy('rejected', 'dead-letter', this.#reject);
    settlesBy('modified', 'abandon', this.#modify);
    link.on('settled', (context: EventContext) => forget(context.delivery!));
    // rhea writes transfers before attaches: what is sent in this turn would come before the link is there.
    setImmediate(() => {
      if (this.#closed) return;
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
    const departure = {
      bytes: encodeDeparture(message, lock),
      tag: tagOf(lock?.token ?? rhea.generate_uuid().replaceAll('-', '')),
      lock,
      detail: `number ${message.sequence}, ${lock ? `attempt ${message.attempts}` : 'without a lock'}: ${message.id}`,
    };
    this.#promised += 1;
    // After the disk has it: a lock whose attempt is counted, or that the message is gone. Whenever this process ends,
    // nobody gets a message twice that was to be given once, and no attempt is forgotten.
    void this.#queue.onDisk().then(() => {
      if (this.#guard.any) void this.#handOverUnderFaults(departure);
      else this.#handOver(departure);
    });
  }

  /** The lock of the session was not renewed in time. */
  loseSession(): void {
    this.#end(sessionLockLost('The session lock has expired. Accept a new session.'));
  }

  /** Hands nothing out any more. */
  close(): void {
    this.#credit = 0;
    this.#attached = false;
    this.#closed = true;
    this.#queue.removeConsumer(this);
  }

  #handOver({ bytes, tag, lock, detail }: Departure): void {
    this.#promised -= 1;
    const delivery = this.#send(bytes, tag);
    if (delivery) this.#guard.note('deliver', this.#entity, detail);
    if (lock && delivery) this.#hold(lock.token, delivery);
    // The client went meanwhile: what it never saw need not wait for the end of a lock.
    else this.#takeBack(lock);
  }

  async #handOverUnderFaults(departure: Departure): Promise<void> {
    const struck = await this.#guard.meet(`deliver ${this.#entity}`);
    if (struck === undefined && (departure.lock === undefined || this.#hasCredit())) {
      this.#handOver(departure);
      // rhea writes at the end of this turn: what ends the connection comes after that.
      await nextTurn();
      const late = await this.#guard.meet(`deliver ${this.#entity}`, 'after');
      if (typeof late === 'object') this.#end(late);
      return;
    }
    this.#promised -= 1;
    if (struck === 'drop') {
      // Lost on its way: it stays locked, and the client's credit is as it was.
      this.#credit += 1;
      this.#queue.deliver();
      return;
    }
    if (typeof struck === 'object') this.#end(struck);
    else if (struck === 'disconnect') this.close();
    this.#takeBack(departure.lock);
  }

  /** Whether the client still waits for a message that was kept from it: it may have drained its credit meanwhile. */
  #hasCredit(): boolean {
    this.#forgetWritten();
    return creditOf(this.#link) > this.#unwritten.length;
  }

  /** Detaches the link, with the reason. */
  #end({ condition, description }: WireError): void {
    this.close();
    this.#link.close({ condition, description });
  }

  #takeBack(lock: Lock | undefined): void {
    if (lock && this.#queue.holds(lock.token)) this.#queue.giveBack(lock.token);
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
    this.#forgetWritten();
    this.#credit = Math.max(0, creditOf(this.#link) - this.#unwritten.length - this.#promised);
    this.#queue.deliver();
    if (isDraining(this.#link)) {
      this.#credit = 0;
      // After what is still promised, or it would go out without credit.
      void this.#queue.onDisk().then(() => finishDrain(this.#link));
    }
  }

  #forgetWritten(): void {
    const { next_pending_delivery: firstUnwritten } = outgoingWindow(this.#link.session);
    this.#unwritten = this.#unwritten.filter((id) => id >= firstUnwritten);
  }

  /** Answers a settlement, after the disk has it. */
  #settle(delivery: Delivery, verb: string, act: Settlement): void {
    const token = tokenOf(delivery.tag as Buffer);
    this.#held.delete(token);
    if (this.#guard.any) {
      void this.#settleUnderFaults(delivery, () => this.#carryOut(delivery, verb, act));
      return;
    }
    void this.#carryOut(delivery, verb, act).then((refused) => answerSettlement(delivery, refused));
  }

  async #settleUnderFaults(
    delivery: Delivery,
    carryOut: () => Promise<WireError | undefined>,
  ): Promise<void> {
    const operation = `settle ${this.#entity}`;
    const outcome =
      (await this.#guard.meet(operation)) ??
      (await carryOut()) ??
      (await this.#guard.meet(operation, 'after'));
    // rhea may forget it; the client never hears of it.
    if (typeof outcome === 'string') forget(delivery);
    else answerSettlement(delivery, outcome);
  }

  /** Settles, and waits for the disk; answers why it did not. */
  async #carryOut(delivery: Delivery, verb: string, act: Settlement): Promise<WireError | undefined> {
    try {
      act(tokenOf(delivery.tag as Buffer), delivery);
    } catch (thrown) {
      return wireError(thrown);
    }
    await this.#queue.onDisk();
    this.#guard.note('settle', this.#entity, verb);
    return undefined;
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
    const properties = entriesOf(changes);
    const rewrite =
      properties.size === 0
        ? undefined
        : (content: Uint8Array) => withApplicationProperties(content, properties);
    if (plain(undeliverableHere) === true) this.#queue.defer(token, rewrite);
    else this.#queue.abandon(token, rewrite);
  };
}

function answerSettlement(delivery: Delivery, refused: WireError | undefined): void {
  if (refused) {
    const { condition, description } = refused;
    delivery.update(true, outcomes.rejected({ error: { condition, description } }).described());
  } else {
    // The same for every outcome: an echo of a rejection would read as an error.
    delivery.update(true, outcomes.accepted().described());
  }
  forget(delivery);
}
