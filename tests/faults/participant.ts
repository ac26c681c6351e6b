/**
 * A person on one device, by the product's own connection code, whose screen is recorded: each change of the
 * conversation and of the outbox becomes entries of the record.
 */
import type { Device } from '../web/connection/device.ts';
import { until } from '../support/until.ts';
import type { Numbered, Record } from './record.ts';

export interface ParticipantOptions {
  /** `person/device` */
  who: string;
  device: Device;
  api: string;
  record: Record;
}

export class Participant {
  readonly who: string;
  readonly device: Device;
  /** Where it asks, `http://localhost:PORT/api`: tells which functions host it is a guest of. */
  readonly api: string;
  readonly #record: Record;
  /** By room: what was on the screen, to know what is new. */
  readonly #shown = new Map<string, Map<string, number>>();
  /** By room: what waits in the outbox. */
  #waiting = new Map<string, Set<string>>();

  readonly #byHand = new Set<string>();

  constructor({ who, device, api, record }: ParticipantOptions) {
    this.who = who;
    this.device = device;
    this.api = api;
    this.#record = record;
    device.client.store.subscribe(() => this.#look());
  }

  async join(room: string): Promise<void> {
    this.#membership(room, 'joining');
    await again(() => this.device.client.join(room));
    this.#membership(room, 'in');
  }

  async leave(room: string): Promise<void> {
    this.#membership(room, 'leaving');
    await again(() => this.device.client.leave(room));
    this.#membership(room, 'out');
  }

  send(room: string, content: string): void {
    this.device.client.send(room, content);
    const { message_id } = this.device.state.outbox[room]!.at(-1)!;
    this.#record.note({ kind: 'sent', who: this.who, room, id: message_id, content });
  }

  /** Asks the API by hand, once: for what the page never does, and for who does not ask again. */
  ask(path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<Response> {
    return fetch(`${this.api}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.device.state.session!.token}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  /** Publishes by hand, once, and answers the status: 0 where no answer came. */
  async publish(room: string, message: { message_id: string; content: string }): Promise<number> {
    const { message_id: id, content } = message;
    // In no order with what else this person says, nor with itself when it comes again.
    if (!this.#byHand.has(id))
      this.#record.note({ kind: 'sent', who: `${this.who}/${id}`, room, id, content });
    this.#byHand.add(id);
    const response = await this.ask('publish', { room_id: room, ...message }).catch(() => undefined);
    if (response?.ok) {
      const { seq } = (await response.json()) as { seq: number };
      this.#record.note({ kind: 'acknowledged', who: this.who, room, id, seq });
    }
    return response?.status ?? 0;
  }

  /** Waits until nothing waits to be sent. */
  async flush(room: string): Promise<void> {
    await until(() => this.device.state.outbox[room]?.every(({ state }) => state === 'failed') ?? true, {
      what: `${this.who} to have sent everything`,
      timeout: 180_000,
    });
    for (const { message_id, problem } of this.device.state.outbox[room] ?? [])
      this.#record.note({ kind: 'refused', who: this.who, room, id: message_id, code: problem?.code ?? '' });
  }

  /** Waits until the screen shows the room up to this number, walks back to its beginning, and notes what is there. */
  async finish(room: string, head: number): Promise<void> {
    const { client } = this.device;
    client.openRoom(room);
    await until(
      () => (this.#messages(room).at(-1)?.[0] ?? 0) >= head && this.device.state.status === 'online',
      {
        what: () => `${this.who} to see number ${head} (${this.#situation(room)})`,
        timeout: 180_000,
      },
    );
    await until(
      async () => {
        if (this.#messages(room)[0]?.[0] === 1 || head === 0) return true;
        await client.loadOlder(room);
        return false;
      },
      { what: () => `${this.who} to see number 1 (${this.#situation(room)})`, timeout: 180_000, interval: 5 },
    );
    this.#record.note({ kind: 'end', who: this.who, room, messages: this.#messages(room) });
  }

  #situation(room: string): string {
    const { status, conversations } = this.device.state;
    const { messages = [], head, loading } = conversations[room] ?? {};
    return `${status}; ${messages[0]?.seq} to ${messages.at(-1)?.seq} of ${head}; ${JSON.stringify(loading)}`;
  }

  #messages(room: string): Numbered[] {
    return (this.device.state.conversations[room]?.messages ?? []).map(({ seq, message_id }) => [
      seq,
      message_id,
    ]);
  }

  #membership(room: string, state: 'joining' | 'in' | 'leaving' | 'out'): void {
    this.#record.note({ kind: 'membership', who: this.who, room, state });
  }

  #look(): void {
    for (const room of Object.keys(this.device.state.conversations)) this.#lookAt(room);
    const outbox = this.device.state.outbox;
    for (const [room, before] of this.#waiting) {
      const now = new Set(outbox[room]?.map(({ message_id }) => message_id));
      for (const id of before)
        if (!now.has(id) && outbox[room])
          this.#record.note({ kind: 'acknowledged', who: this.who, room, id });
    }
    this.#waiting = new Map(
      Object.entries(outbox).map(([room, list]) => [room, new Set(list.map(({ message_id }) => message_id))]),
    );
  }

  #lookAt(room: string): void {
    const messages = this.#messages(room);
    const known = this.#shown.get(room);
    const fresh = messages.filter(([seq, id]) => known?.get(id) !== seq);
    if (fresh.length === 0) return;
    this.#record.note({ kind: 'shown', who: this.who, room, messages: fresh });
    const all = known ?? new Map<string, number>();
    for (const [seq, id] of fresh) all.set(id, seq);
    this.#shown.set(room, all);
    const hole = messages.findIndex(([seq], index) => seq !== messages[0]![0] + index);
    if (hole >= 0) this.#broken(room, `${messages[hole]![0]} follows a hole`);
    const sending = this.device.state.outbox[room]?.find(({ message_id }) => all.has(message_id));
    if (sending) this.#broken(room, `${sending.message_id} is shown, and outgoing as well`);
    if (new Set(messages.map(([, id]) => id)).size < messages.length)
      this.#broken(room, 'a message stands there twice');
  }

  #broken(room: string, what: string): void {
    this.#record.note({ kind: 'broken', who: this.who, room, what });
  }
}

/** Who gets no answer tries again, as people do. */
export const again = <T>(act: () => Promise<T>): Promise<T> =>
  until(() => act().then((value) => ({ value })), { what: 'somebody to succeed', timeout: 180_000 }).then(
    ({ value }) => value,
  );
