/**
 * One logical connection: who it is, what it may do, which groups it is in, and how messages reach it. A reliable
 * one outlives its sockets. What clients say is read elsewhere (subprotocol-client.ts, raw-client.ts).
 */
import type { Config } from '../config.ts';
import type { Delivery } from '../delivery.ts';
import type { Hub } from '../hub.ts';
import { writeServerMessage } from '../protobuf/server-messages.ts';
import type { EventSequence } from '../upstream/event-sequence.ts';
import { AckIds } from './ack-ids.ts';
import type { Frame } from './frame.ts';
import { Invocations } from './invocations.ts';
import { ReliableBuffer } from './reliable-buffer.ts';
import type { Roles } from './roles.ts';
import type { ServerFrame } from './server-frames.ts';
import { Streams } from './streams.ts';
import type { Wire } from './wire.ts';

/** How a client speaks. */
export interface Protocol {
  format: 'raw' | 'json' | 'protobuf';
  /** Messages are numbered, acknowledged, and sent again after a recovery. */
  isReliable: boolean;
}

/** Where a raw client's frames go: undefined makes each an event. */
export interface RawTarget {
  group: string;
  noEcho: boolean;
}

export interface NewConnection {
  id: string;
  userId: string | undefined;
  protocol: Protocol;
  /** As agreed in the handshake, '' for none. */
  subprotocol: string;
  roles: Roles;
  rawTarget: RawTarget | undefined;
  events: EventSequence;
}

export class Connection {
  readonly id: string;
  readonly userId: string | undefined;
  readonly protocol: Protocol;
  readonly subprotocol: string;
  readonly rawTarget: RawTarget | undefined;
  readonly events: EventSequence;
  readonly roles: Roles;
  readonly hub: Hub;
  /** Kept by the hub. */
  readonly groups = new Set<string>();
  readonly buffer: ReliableBuffer | undefined;
  /** Epoch milliseconds. */
  readonly connectedAt = Date.now();
  readonly #config: Config;
  #ackIds: AckIds | undefined;
  #invocations: Invocations | undefined;
  #streams: Streams | undefined;
  #wire: Wire | undefined;
  #recoveryTimer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(hub: Hub, config: Config, given: NewConnection) {
    this.hub = hub;
    this.#config = config;
    this.id = given.id;
    this.userId = given.userId;
    this.protocol = given.protocol;
    this.subprotocol = given.subprotocol;
    this.roles = given.roles;
    this.rawTarget = given.rawTarget;
    this.events = given.events;
    if (given.protocol.isReliable) {
      this.buffer = new ReliableBuffer({ messages: config.bufferMessages, bytes: config.bufferBytes });
    }
  }

  get ackIds(): AckIds {
    return (this.#ackIds ??= new AckIds());
  }

  get invocations(): Invocations {
    return (this.#invocations ??= new Invocations());
  }

  get streams(): Streams {
    return (this.#streams ??= new Streams(this));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether there is no socket at the moment, and the client is waited for. */
  get isLost(): boolean {
    return !this.#wire;
  }

  /** Takes a socket, the first one or, after a loss, another: a socket that still lives gives way. */
  attach(wire: Wire): void {
    clearTimeout(this.#recoveryTimer);
    const previous = this.#wire;
    this.#wire = wire;
    previous?.abort();
  }

  /** Sends again what the client has not acknowledged. */
  replay(): void {
    for (const { sequenceId, delivery } of this.buffer?.unacknowledged(Date.now()) ?? []) {
      this.#wire?.write(this.#frameOf(delivery, sequenceId));
    }
  }

  /** Gives a message to the client, or keeps it until there is a socket. */
  deliver(delivery: Delivery): void {
    if (this.#ended) return;
    if (this.hub.faults.any) this.#meetFaults();
    if (this.buffer) {
      const sequenceId = this.buffer.add(delivery);
      if (sequenceId === undefined) return this.end('The message buffer is full.', 1008);
      this.#wire?.write(this.#frameOf(delivery, sequenceId));
    } else this.#wire?.write(this.#frameOf(delivery, undefined));
    this.#dropSlowClient();
  }

  #frameOf(delivery: Delivery, sequenceId: number | undefined): Frame {
    switch (this.protocol.format) {
      case 'raw':
        return delivery.rawFrame;
      case 'json':
        return sequenceId === undefined ? delivery.jsonFrame : delivery.numberedFrame(sequenceId);
      case 'protobuf':
        return delivery.protobufFrame(sequenceId);
    }
  }

  /** Sends a frame that is not a message: it has no number and is not kept. */
  send(frame: ServerFrame): void {
    if (typeof frame === 'string') this.#wire?.text(frame);
    else if (this.protocol.format === 'json') this.#wire?.text(JSON.stringify(frame));
    else this.#wire?.binary(writeServerMessage(frame));
    this.#dropSlowClient();
  }

  /**
   * A socket has closed. Only a reliable connection waits for another, and only for a while; a client that says a
   * normal goodbye (1000) does not come back.
   */
  lose(wire: Wire, code: number, reason: string): void {
    if (wire !== this.#wire || this.#ended) return;
    this.#wire = undefined;
    if (!this.buffer || code === 1000) return this.end(reason);
    this.#recoveryTimer = setTimeout(() => this.end(reason), this.#config.recoverySeconds * 1000);
  }

  /** Cuts the line as a dead network does. A reliable client may come back. */
  cut(): void {
    this.#wire?.abort();
  }

  /** Ends it by the application's wish. The client hears why, and cannot recover. */
  close(reason: string): void {
    if (this.#ended) return;
    if (this.protocol.format !== 'raw') this.send({ type: 'system', event: 'disconnected', message: reason });
    this.end(reason, 1000);
  }

  /** A fault may make this client read nothing for a time, or cut its line. */
  #meetFaults(): void {
    const wire = this.#wire;
    if (!wire) return;
    const verdict = this.hub.faults.meet(`receive ${this.hub.name}/${this.userId ?? this.id}`);
    const over = verdict.then(({ kind }) => {
      if (kind !== 'pass') wire.abort();
    });
    void wire.stallUntil(over);
  }

  /**
   * What waits in the socket has the bound of the buffer. A close frame would stand behind all that is not read, so
   * the line is cut; a reliable client may come back.
   */
  #dropSlowClient(): void {
    if (!this.#wire || this.#wire.backlog <= this.#config.bufferBytes) return;
    this.#wire.abort();
    if (!this.buffer) this.end('The client reads too slowly.');
  }

  /** Ends it for good, once: out of the hub, the socket closed with `code`, the event handler told. */
  end(reason: string, code?: number): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#recoveryTimer);
    if (code !== undefined) this.#wire?.close(code, reason);
    this.#wire = undefined;
    this.hub.remove(this, reason);
    this.#streams?.abandon();
    this.events.disconnected(reason);
  }
}
