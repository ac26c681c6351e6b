/** One client: its links, each led to the entity that its address names, or refused. */
import type { EventContext, Receiver, Sender, Session, Connection } from 'rhea';
import type { Namespace } from '../broker/namespace.ts';
import { entityNotFound, notImplemented, Refusal } from '../broker/refusal.ts';
import { readAddress, type Address } from './address.ts';
import { answerCbs } from './cbs.ts';
import { ConsumerLink } from './consumer-link.ts';
import { wireError } from './errors.ts';
import { answerManagement } from './management.ts';
import { serveProducer } from './producer-link.ts';
import { readRequest, ReplyLinks, type Answer, type Request } from './request.ts';
import { answerAttach, keepBytes, receivedBytes } from './rhea-internals.ts';

const requestCredit = 100;

export class ClientConnection {
  readonly #namespace: Namespace;
  readonly #consumers = new Map<Sender, ConsumerLink>();
  readonly #replies = new ReplyLinks();

  constructor(connection: Connection, namespace: Namespace) {
    this.#namespace = namespace;
    connection.on('session_open', ({ session }: EventContext) => keepBytes(session!));
    connection.on('session_close', ({ session }: EventContext) => this.#closeLinks(session!));
    connection.on('receiver_open', ({ receiver }: EventContext) => {
      attach(receiver!, () => this.#openReceiver(receiver!));
    });
    connection.on('sender_open', ({ sender }: EventContext) =>
      attach(sender!, () => this.#openSender(sender!)),
    );
    connection.on('sender_close', ({ sender }: EventContext) => this.#closeLink(sender!));
    for (const event of quietEvents) connection.on(event, () => {});
  }

  /** The client is gone. */
  close(): void {
    for (const consumer of this.#consumers.values()) consumer.close();
    this.#consumers.clear();
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
        return this.#serveRequests(link, { answer: answerCbs, spelling: 'hyphen' });
      case 'management': {
        const entity = this.#managedEntity(address);
        const answer = (request: Request) => answerManagement(entity, request);
        return this.#serveRequests(link, { answer, spelling: 'camel' });
      }
      case 'entity': {
        const inbox = this.#namespace.inbox(address.path);
        if (inbox === undefined) throw entityNotFound(address.path);
        return serveProducer(link, inbox);
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
        if (source?.filter && 'com.microsoft:session-filter' in source.filter)
          throw notImplemented('sessions');
        const queue = this.#namespace.queue(address.path);
        if (queue === undefined) throw entityNotFound(address.path);
        this.#consumers.set(link, new ConsumerLink(link, queue));
        return;
      }
      case undefined:
        throw new Refusal('invalid-argument', 'The source of the link has no address.');
    }
  }

  #serveReplies(link: Sender): void {
    // An answer is settled when it is sent: nothing would come of a client's not taking it.
    answerAttach(link, { snd_settle_mode: 1 });
    this.#replies.add(link);
  }

  #serveRequests(
    link: Receiver,
    {
      answer,
      spelling,
    }: {
      answer: (request: Request) => Answer | Promise<Answer>;
      spelling: 'camel' | 'hyphen';
    },
  ): void {
    link.add_credit(requestCredit);
    link.on('message', (context: EventContext) => {
      link.add_credit(1);
      try {
        const request = readRequest(receivedBytes(context).bytes);
        context.delivery!.accept();
        void Promise.resolve(answer(request)).then((result) =>
          this.#replies.answer(request, result, spelling),
        );
      } catch (error) {
        const { condition, description } = wireError(error);
        context.delivery!.reject({ condition, description });
      }
    });
  }

  #managedEntity({ path }: Extract<Address, { kind: 'management' }>) {
    const entity = { queue: this.#namespace.queue(path), inbox: this.#namespace.inbox(path) };
    if (entity.queue === undefined && entity.inbox === undefined) throw entityNotFound(path);
    return entity;
  }

  #closeLinks(session: Session): void {
    for (const link of this.#consumers.keys()) if (link.session === session) this.#closeLink(link);
  }

  #closeLink(link: Sender): void {
    this.#replies.remove(link);
    this.#consumers.get(link)?.close();
    this.#consumers.delete(link);
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

/** Serves a link, or refuses it: it is attached and detached at once, with the reason. */
function attach(link: Receiver | Sender, serve: () => void): void {
  try {
    serve();
  } catch (error) {
    const { condition, description } = wireError(error);
    link.close({ condition, description });
  }
}
