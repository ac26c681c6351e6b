/**
 * What becomes of a frame before and after it is acted on: it is read, recorded, and meets the faults in force, in the
 * order in which the frames of its connection came.
 */
import type { Verdict } from '../../fault-injection/faults.ts';
import { FaultLine } from '../fault-line.ts';
import { parseClientMessage } from '../protobuf/client-messages.ts';
import type { PubSub } from '../service.ts';
import { parseClientFrame, type ClientFrame } from './client-frames.ts';
import type { Connection } from './connection.ts';
import { BadFrame } from './frame-fields.ts';
import { actOnFrame } from './subprotocol-client.ts';
import { actOnRawFrame } from './raw-client.ts';
import { failureOf, type ServerFrame } from './server-frames.ts';

export class Reception {
  readonly #pubSub: PubSub;
  readonly #connection: Connection;
  readonly #line: FaultLine;

  constructor(pubSub: PubSub, connection: Connection) {
    this.#pubSub = pubSub;
    this.#connection = connection;
    this.#line = new FaultLine(pubSub.faults);
  }

  /** One message of the client's socket. A bad one ends the connection. */
  take(data: Buffer, isBinary: boolean): void {
    const connection = this.#connection;
    const { format } = connection.protocol;
    if (format === 'raw') return this.#takeRaw(data, isBinary);
    if (isBinary !== (format === 'protobuf')) {
      return connection.end(`This subprotocol has ${isBinary ? 'text' : 'binary'} frames only.`, 1003);
    }
    let frame: ClientFrame;
    try {
      frame = isBinary ? parseClientMessage(data) : parseClientFrame(data.toString());
    } catch (error) {
      if (!(error instanceof BadFrame)) throw error;
      return connection.end(error.message, 1007);
    }
    this.#takeFrame(frame);
  }

  #takeRaw(data: Buffer, isBinary: boolean): void {
    const { group } = this.#connection.rawTarget ?? {};
    const [type, about] = group === undefined ? ['event', 'message'] : ['sendToGroup', group];
    this.#record(type, about);
    const name = (): string => `frame.${type} ${about}`;
    this.#line.pass(name, ({ kind }) => {
      if (kind === 'pass') actOnRawFrame(this.#connection, data, isBinary);
      else if (kind === 'error') this.#connection.end('A fault on request.', 1011);
      else if (kind === 'disconnect') this.#connection.cut();
    });
  }

  #takeFrame(frame: ClientFrame): void {
    const about = subjectOf(frame);
    if (about !== '') this.#record(frame.type, about);
    const name = (): string => `frame.${frame.type} ${about}`.trimEnd();
    const answer = (answered: ServerFrame | undefined): void => this.#answer(frame, name, answered);
    this.#line.pass(name, (verdict) => {
      if (verdict.kind !== 'pass') this.#suffer(frame, verdict);
      else if (!this.#connection.ended) {
        actOnFrame(this.#connection, frame, {
          answer,
          dropOnFailure: this.#pubSub.config.closeOnEventFailure,
        });
      }
    });
  }

  /** The frame has been acted on; without `answered` there is nothing to say. */
  #answer(frame: ClientFrame, name: () => string, answered: ServerFrame | undefined): void {
    const { faults } = this.#pubSub;
    const say = (): void => {
      if (answered) this.#connection.send(answered);
    };
    if (!faults.any) return say();
    void faults.meet(name(), 'after').then((verdict) => {
      if (verdict.kind === 'pass') say();
      else this.#suffer(frame, verdict);
    });
  }

  #suffer(frame: ClientFrame, verdict: Verdict): void {
    if (verdict.kind === 'disconnect') this.#connection.cut();
    if (verdict.kind !== 'error') return;
    const name = typeof verdict.error === 'string' ? verdict.error : 'InternalServerError';
    const failure = failureOf(frame, { name, message: 'A fault on request.' });
    if (failure) this.#connection.send(failure);
  }

  #record(operation: string, about: string): void {
    const { hub, userId, id } = this.#connection;
    this.#pubSub.activity.add({ operation, target: `${hub.name}/${about}`, detail: userId ?? id });
  }
}

/** What a frame is about: a group, an event, a stream, an invocation; '' for one that keeps the connection going. */
function subjectOf(frame: ClientFrame): string {
  if ('group' in frame) return frame.group;
  if ('event' in frame) return frame.event;
  if ('streamId' in frame) return frame.streamId;
  if ('invocationId' in frame) return frame.invocationId;
  return '';
}
