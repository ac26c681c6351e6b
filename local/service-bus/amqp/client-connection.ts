/** One client: its links, each led to the entity that its address names, or refused. */
import type { EventContext, Receiver, Sender, Session, Connection } from 'rhea';
import type { Namespace } from '../broker/namespace.ts';
import { entityNotFound, notImplemented, Refusal } from '../broker/refusal.ts';
import { addressText, readAddress, type Address } from './address.ts';
import { answerCbs } from './cbs.ts';
import { ConsumerLink, type Origin } from './consumer-link.ts';
import { wireError, type WireError } from './errors.ts';
import type { Guard } from './guard.ts';
import { answerManagement } from './management.ts';
import { serveProducer } from './producer-link.ts';
import {
  operationName,
  readRequest,
  refusalAnswer,
  ReplyLinks,
  type Answer,
  type Request,
} from './request.ts';
import { answerAttach, isWanted, keepBytes, receivedBytes, withholdAttach } from './rhea-internals.ts';
import { checkKind, openSession, wantedSession } from './session-link.ts';

const requestCredit = 100;

/** What is asked on a link, and of which entity. */
interface Requests {
  answer: (request: Request) => Answer | Promise<Answer>;
  /** Of the names of an answer's status. */
  spelling: 'camel' | 'hyphen';
  entity: string;
}

export class ClientConnection {
  readonly #namespace: Namespace;
  readonly #guard: Guard;
  readonly #consumers = new Map<Sender, ConsumerLink>();
  /** What cancels the waiting of links for a session. */
  readonly #waiting = new Map<Sender, () => void>();
  readonly #replies = new ReplyLinks();

  constructor(connection: Connection, namespace: Namespace, guard: Guard) {
    this.#namespace = namespace;
    this.#guard = guard;
    connection.on('session_open', ({ session }: EventContext) => keepBytes(session!));
    connection.on('session_close', ({ session }: EventContext) => this.#closeLinks(session!));
    connection.on('receiver_open', ({ receiver }: EventContext) => {
      this.#attach(receiver!, readAddress(receiver!.target?.address), () => this.#openReceiver(receiver!));
    });
    connection.on('sender_open', ({ sender }: EventContext) => {
      this.#attach(sender!, readAddress(sender!.source?.address), () => this.#openSender(sender!));
    });
    connection.on('sender_close', ({ sender }: EventContext) => this.#closeLink(sender!));
    for (const event of quietEvents) connection.on(event, () => {});
  }

  /** The client is gone. */
  close(): void {
    for (const consumer of this.#consumers.values()) consumer.close();
    this.#consumers.clear();
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  /** Serves a link, or refuses it: it is attached and detached at once, with the reason. */
  #attach(link: Receiver | Sender, address: Address | undefined, serve: () => void): void {
    const entity = addressText(address);
    const attach = (): void => {
      try {
        serve();
      } catch (error) {
        return detach(link, wireError(error));
      }
      if (address?.kind === 'entity') {
        this.#guard.note('attach', entity, link.is_receiver() ? 'to send' : 'to receive');
      }
    };
    if (this.#guard.any) void this.#attachUnderFaults(link, `attach ${entity}`, attach);
    else attach();
  }

  async #attachUnderFaults(link: Receiver | Sender, operation: string, attach: () => void): Promise<void> {
    withholdAttach(link);
    // An attach changes nothing but its answer, so that both moments are one.
    const struck = (await this.#guard.meet(operation)) ?? (await this.#guard.meet(operation, 'after'));
    if (typeof struck === 'string' || !isWanted(link)) return;
    link.open();
    if (struck) detach(link, struck);
    else attach();
  }

  /** The client sends. */
  #openReceiver(link: Receiver): void {
    const target = link.target as { address?: string } | null;
    if (target === null) throw notImplemented('transactions');
    const address = readAddress(target.address);
    link.set_target({ address: target.address ?? '' });
    link.set_source({ address: (link.source as { address?: string } | null)?.address ?? '' });
    switch (address?.kind) {
      case 'cbs':
        return this.#serveRequests(link, { answer: answerCbs, spelling: 'hyphen', entity: '$cbs' });
      case 'management': {
        const entity = this.#managedEntity(address);
        const answer = (request: Request) => answerManagement(entity, request);
        return this.#serveRequests(link, { answer, spelling: 'camel', entity: address.path });
      }
      case 'entity': {
        const inbox = this.#namespace.inbox(address.path);
        if (inbox === undefined) throw entityNotFound(address.path);
        return serveProducer(link, { inbox, entity: address.path, guard: this.#guard });
      }
      case undefined:
        throw new Refusal('invalid-argument', 'The target of the link has no address.');
    }
  }

  /** The client receives. */
  #openSender(link: Sender): void {
    const source = link.source as { address?: string; filter?: Record<string, unknown> } | null;
    const address = readAddress(source?.address);
    link.set_source({ address: source?.address ?? '' });
    link.set_target({ address: link.target?.address ?? '' });
    switch (address?.kind) {
      case 'management':
        this.#managedEntity(address);
        return this.#serveReplies(link);
      case 'cbs':
        return this.#serveReplies(link);
      case 'entity': {
        const queue = this.#namespace.queue(address.path);
        if (queue === undefined) throw entityNotFound(address.path);
        if (this.#namespace.forwards(address.path)) {
          throw new Refusal(
            'not-allowed',
            'Cannot create a message receiver on an entity with auto-forwarding enabled.',
          );
        }
        const wanted = wantedSession(source);
        checkKind(queue, wanted);
        const origin = { queue, entity: address.path, guard: this.#guard };
        if (wanted === undefined) this.#consumers.set(link, new ConsumerLink(link, origin));
        else this.#openSession(link, origin, wanted);
        return;
      }
      case undefined:
        throw new Refusal('invalid-argument', 'The source of the link has no address.');
    }
  }

  #openSession(link: Sender, origin: Origin, wanted: string | null): void {
    const cancel = openSession({
      link,
      origin,
      wanted,
      granted: (consumer) => {
        this.#waiting.delete(link);
        this.#consumers.set(link, consumer);
      },
      refused: (error) => {
        this.#waiting.delete(link);
        detach(link, error);
      },
    });
    if (!this.#consumers.has(link)) this.#waiting.set(link, cancel);
  }

  #serveReplies(link: Sender): void {
    // An answer is settled when it is sent: nothing would come of a client's not taking it.
    answerAttach(link, { snd_settle_mode: 1 });
    this.#replies.add(link);
  }

  #serveRequests(link: Receiver, served: Requests): void {
    link.add_credit(requestCredit);
    link.on('message', (context: EventContext) => {
      link.add_credit(1);
      try {
        const request = readRequest(receivedBytes(context).bytes);
        context.delivery!.accept();
        void this.#carryOut(request, served).then((answer) => {
          if (answer) this.#replies.answer(request, answer, served.spelling);
        });
      } catch (error) {
        const { condition, description } = wireError(error);
        context.delivery!.reject({ condition, description });
      }
    });
  }

  /** The answer to a request; `undefined` where a fault lets none go out. */
  async #carryOut(request: Request, { answer, entity }: Requests): Promise<Answer | undefined> {
    const guard = this.#guard;
    const name = operationName(request);
    const operation = `manage ${name} ${entity}`;
    let struck = guard.any ? await guard.meet(operation) : undefined;
    if (struck === undefined) {
      const result = await answer(request);
      if (entity !== '$cbs') guard.note(name, entity, result.errorCondition);
      struck = guard.any ? await guard.meet(operation, 'after') : undefined;
      if (struck === undefined) return result;
    }
    return typeof struck === 'string' ? undefined : refusalAnswer(struck);
  }

  #managedEntity({ path }: Extract<Address, { kind: 'management' }>) {
    const namespace = this.#namespace;
    const entity = {
      queue: namespace.queue(path),
      inbox: namespace.inbox(path),
      rules: namespace.rules(path),
    };
    if (entity.queue === undefined && entity.inbox === undefined) throw entityNotFound(path);
    return entity;
  }

  #closeLinks(session: Session): void {
    for (const link of [...this.#consumers.keys(), ...this.#waiting.keys()]) {
      if (link.session === session) this.#closeLink(link);
    }
  }

  #closeLink(link: Sender): void {
    this.#replies.remove(link);
    this.#consumers.get(link)?.close();
    this.#consumers.delete(link);
    this.#waiting.get(link)?.();
    this.#waiting.delete(link);
  }
}

/** Events with nothing to do, which rhea would print or throw were nobody listening. */
const quietEvents = [
  'receiver_close',
  'receiver_error',
  'sender_error',
  'session_error',
  'connection_close',
  'connection_error',
  'disconnected',
];

function detach(link: Receiver | Sender, { condition, description }: WireError): void {
  link.close({ condition, description });
}
