/**
 * The events of one connection, sent to its hub's handlers one after another in the order in which they happened,
 * with what the handlers want to have back at the next one (state, cookies). Knows no socket.
 */
import type { Activity, RecentActivity } from '../activity.ts';
import type { Config } from '../config.ts';
import { fromBody, toBytes, toContentType, type Metadata, type Payload } from '../payload.ts';
import { readMetadata, toHeaders, type Subject } from './cloud-event.ts';
import type { EventHandlers, EventKind } from './event-handlers.ts';
import { DeliveryFailure, type HandlerClient } from './handler-client.ts';
import type { HttpResponse } from './http-request.ts';

export interface UserEvent {
  event: string;
  payload: Payload;
  metadata: Metadata | undefined;
  /** Asked when its turn has come, which may be after the connection has ended: what was raised counts. */
  isWanted(): boolean;
}

/** What the handler says back to the client. */
export interface Reply {
  payload: Payload;
  metadata: Metadata | undefined;
}

export type UserOutcome = { failed: false; reply: Reply | undefined } | { failed: true; reason: string };

/** What every sequence of a hub shares. */
export interface Upstream {
  config: Config;
  handlers: EventHandlers;
  client: HandlerClient;
  activity: RecentActivity;
  /** Work under way, which an orderly stop waits for. */
  underWay: Set<Promise<void>>;
}

export class EventSequence {
  readonly #upstream: Upstream;
  #subject: Subject;
  #nextId = 1;
  #connectionState = '';
  #cookies: Map<string, string> | undefined;
  /** The end of the line; undefined when nobody stands in it. */
  #last: Promise<void> | undefined;
  #waiting = 0;

  constructor(upstream: Upstream, subject: Subject) {
    this.#upstream = upstream;
    this.#subject = subject;
  }

  /** Asks the handler of `connect`; undefined where there is none. Throws `DeliveryFailure`. */
  connect(body: string): Promise<HttpResponse> | undefined {
    return this.#post({ kind: 'sys', event: 'connect', id: 0 }, { contentType: json, body });
  }

  /** `connect` may have changed who the client is. */
  accept(userId: string | undefined, subprotocol: string): void {
    this.#subject = { ...this.#subject, userId, subprotocol };
  }

  connected(): void {
    this.#notify('connected', '{}');
  }

  disconnected(reason: string): void {
    this.#notify('disconnected', JSON.stringify({ reason }));
  }

  /** Sends a custom event when its turn comes, and hands the outcome on before the next one's turn. */
  user(event: UserEvent, done: (outcome: UserOutcome) => void): void {
    this.#enqueue(async () => {
      if (!event.isWanted()) return;
      try {
        done({ failed: false, reply: await this.#raise(event) });
      } catch (error) {
        this.#log(event.event, error);
        done({ failed: true, reason: error instanceof DeliveryFailure ? error.message : 'It failed.' });
      }
    });
  }

  /** More waits than a handler that keeps up would leave: the client should be read no further. */
  get isCongested(): boolean {
    return this.#waiting > mostWaiting;
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #raise({ event, payload, metadata }: UserEvent): Promise<Reply | undefined> {
    const response = await this.#post(
      { kind: 'user', event, id: this.#nextId++ },
      { contentType: toContentType(payload), body: toBytes(payload), metadata },
    );
    if (!response) throw new DeliveryFailure('No event handler takes it.');
    return toReply(response);
  }

  #notify(event: 'connected' | 'disconnected', body: string): void {
    if (!this.#upstream.handlers.find('sys', event)) return;
    this.#enqueue(async () => {
      const response = await this.#post(
        { kind: 'sys', event, id: this.#nextId++ },
        { contentType: json, body },
      );
      if (response) refuseFailure(response);
    });
  }

  #enqueue(work: () => Promise<void>): void {
    this.#waiting += 1;
    const mine = (this.#last ?? Promise.resolve())
      .then(work)
      .catch((error: unknown) => this.#log('an event', error))
      .finally(() => {
        this.#waiting -= 1;
        this.#upstream.underWay.delete(mine);
        if (this.#last === mine) this.#last = undefined;
      });
    this.#last = mine;
    this.#upstream.underWay.add(mine);
  }

  #log(event: string, error: unknown): void {
    const { hub, connectionId } = this.#subject;
    const why = error instanceof DeliveryFailure ? error.message : error;
    console.error(`Hub ${hub}, connection ${connectionId}: ${event} failed:`, why);
  }

  #post(
    about: { kind: EventKind; event: string; id: number },
    content: { contentType: string; body: Buffer | string; metadata?: Metadata | undefined },
  ): Promise<HttpResponse> | undefined {
    const { config, handlers, client } = this.#upstream;
    const handler = handlers.find(about.kind, about.event);
    if (!handler) return undefined;
    const headers = toHeaders({
      ...about,
      subject: this.#subject,
      connectionState: this.#connectionState,
      origin: config.origin,
      accessKeys: config.accessKeys,
      metadata: content.metadata,
    });
    headers['content-type'] = content.contentType;
    if (this.#cookies) headers['cookie'] = [...this.#cookies].map((pair) => pair.join('=')).join('; ');
    const operation = `upstream.${about.event}`;
    const answered = client.post({
      target: handler,
      headers,
      body: content.body,
      operation: `${operation} ${this.#subject.hub}`,
    });
    return this.#recorded(operation, answered).then((response) => this.#remember(response));
  }

  async #recorded(operation: string, answered: Promise<HttpResponse>): Promise<HttpResponse> {
    const { hub, userId, connectionId } = this.#subject;
    let detail: Activity['detail'] = 'failed';
    try {
      const response = await answered;
      detail = response.status;
      return response;
    } finally {
      this.#upstream.activity.add({ operation, target: `${hub}/${userId ?? connectionId}`, detail });
    }
  }

  #remember(response: HttpResponse): HttpResponse {
    this.#connectionState = response.headers['ce-connectionstate']?.toString() ?? this.#connectionState;
    for (const cookie of response.headers['set-cookie'] ?? []) {
      const [, name, value] = /^\s*([^=;]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value !== undefined) (this.#cookies ??= new Map()).set(name.trim(), value);
    }
    return response;
  }
}

const json = 'application/json; charset=utf-8';
const mostWaiting = 100;

function refuseFailure({ status }: HttpResponse): void {
  if (status < 200 || status > 299) throw new DeliveryFailure(`The event handler answered ${status}.`);
}

/** What the answer says to the client. Throws `DeliveryFailure` for one that says nothing usable. */
function toReply(response: HttpResponse): Reply | undefined {
  refuseFailure(response);
  const { headers, body } = response;
  const metadata = readMetadata(headers);
  // Metadata alone is worth a message, an empty one.
  if (body.length === 0) return metadata && { payload: { dataType: 'text', text: '' }, metadata };
  const contentType = headers['content-type'] ?? 'application/octet-stream';
  let payload: Payload | undefined;
  try {
    payload = fromBody(body, contentType);
  } catch {
    throw new DeliveryFailure("The event handler's answer is not JSON.");
  }
  if (!payload) throw new DeliveryFailure(`The event handler answered with '${contentType}'.`);
  return { payload, metadata };
}
