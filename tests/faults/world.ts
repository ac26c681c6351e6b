/**
 * The whole local stack for runs with faults: services, one or more functions hosts, people with recorded screens.
 * Every part is a process; periods are short, so that nobody has to wait for a sweep.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { rejectedQueue, subscription, topic } from '../../contract/names.ts';
import type { History } from '../../contract/messages.ts';
import type { PartName } from '../../local/stack/parts.ts';
import { Stack } from '../../local/stack/stack.ts';
import { freePorts, freeStackPorts } from '../support/ports.ts';
import { until } from '../support/until.ts';
import { Device, newDisk } from '../web/connection/device.ts';
import { Host } from './host.ts';
import { again, Participant } from './participant.ts';
import { Record } from './record.ts';

/** Seconds, for what a deployment counts in tens of them; and nobody is held back. */
const settings = {
  INTENT_SECONDS: '2',
  CONNECTION_SECONDS: '5',
  DIRECTORY_CACHE_SECONDS: '0',
  LIMITS: 'off',
};
const changes = {
  webPubSub: {
    Local: { RecoverySeconds: 3, RetryDelaysSeconds: [0.2, 0.5, 1], BufferBytes: 256 * 1_024 },
  },
  lockDuration: 'PT5S',
};

export class World {
  readonly stack: Stack;
  readonly hosts: Host[];
  record = new Record();
  readonly #data: string;
  #people: Participant[] = [];
  #named = 0;

  private constructor(stack: Stack, hosts: Host[], data: string) {
    this.stack = stack;
    this.hosts = hosts;
    this.#data = data;
  }

  static async start({ hosts = 1 } = {}): Promise<World> {
    const ports = await freeStackPorts();
    const data = mkdtempSync(join(tmpdir(), 'hubbub-faults-'));
    const only: PartName[] = ['storage', 'serviceBus', 'webPubSub'];
    const stack = new Stack({ ports, data, only, changes });
    const extra = await freePorts(hosts - 1);
    const all = [ports.functions, ...extra].map(
      (functions) => new Host({ ports: { ...ports, functions }, data, settings }),
    );
    const world = new World(stack, all, data);
    process.once('exit', () => world.#killAll());
    await stack.start();
    // One after another: each makes what is not there yet.
    for (const host of all) await host.start();
    return world;
  }

  /** Forgets the people and begins a record of its own. */
  begin(): void {
    for (const { device } of this.#people.splice(0)) device.client.stop();
    for (const { line } of this.hosts) line.fate = () => 'pass';
    this.record = new Record();
  }

  /** Somebody new, signed in and online, through one of the hosts. */
  async person(host = this.hosts[this.#named % this.hosts.length]!): Promise<Participant> {
    const name = `p${(this.#named += 1)}`;
    const participant = this.#participant(`${name}/1`, host.api, new Device(host.api));
    await again(() => participant.device.signIn(name));
    return participant;
  }

  /** The same person on one more device. */
  async another(participant: Participant): Promise<Participant> {
    const [person, number] = participant.who.split('/');
    const { storage } = participant.device.disk;
    const { api } = this.hosts[0]!;
    const device = new Device(api, { ...newDisk(), storage });
    const other = this.#participant(`${person}/${Number(number) + 1}`, api, device);
    await device.untilOnline();
    return other;
  }

  people(count: number): Promise<Participant[]> {
    return inTurns(Array.from({ length: count }), 20, () => this.person());
  }

  #participant(who: string, api: string, device: Device): Participant {
    const participant = new Participant({ who, device, api, record: this.record });
    this.#people.push(participant);
    return participant;
  }

  /** A room of the first, with the others as members, open on every screen. */
  async room(members: Participant[]): Promise<string> {
    const [owner, ...others] = members;
    const { id } = await owner!.device.client.createRoom({
      name: `Room ${crypto.randomUUID()}`,
      description: '',
    });
    await inTurns(others, 20, (other) => other.join(id));
    for (const { device } of members) device.client.openRoom(id);
    return id;
  }

  /** Does something bad, and notes it. */
  async fault(what: string, does: () => unknown): Promise<void> {
    this.record.note({ kind: 'fault', what });
    await does();
  }

  /** Puts these in force in a service, in place of those before; see local/fault-injection. */
  async putFaults(part: 'serviceBus' | 'webPubSub', faults: object[]): Promise<void> {
    const answer = await fetch(this.#faultsOf(part), { method: 'PUT', body: JSON.stringify({ faults }) });
    if (!answer.ok) throw new Error(`${part} does not take these faults: ${await answer.text()}`);
  }

  /** Ends the faults of a service. Throws where none of them struck: then nothing was tried. */
  async endFaults(part: 'serviceBus' | 'webPubSub'): Promise<void> {
    const { faults } = (await (await fetch(this.#faultsOf(part))).json()) as { faults: { struck: number }[] };
    await this.putFaults(part, []);
    if (!faults.some(({ struck }) => struck > 0)) throw new Error(`No fault of ${part} struck`);
  }

  #faultsOf(part: 'serviceBus' | 'webPubSub'): string {
    const { serviceBusAdmin, webPubSub } = this.stack.ports;
    return `http://localhost:${part === 'serviceBus' ? serviceBusAdmin : webPubSub}/faults`;
  }

  async killPart(name: 'serviceBus' | 'webPubSub'): Promise<void> {
    this.stack.part(name).kill();
    await this.stack.part(name).ended;
  }

  /** Waits until everybody has sent and sees everything, and notes what is stored and what is on the screens. */
  async settle(room: string, members: Participant[]): Promise<void> {
    await Promise.all(members.map((member) => member.flush(room)));
    const { head, messages } = await this.#history(room, members[0]!);
    this.record.note({
      kind: 'stored',
      room,
      head,
      messages: messages.map(({ seq, message_id, content }) => [seq, message_id, content]),
    });
    await inTurns(members, 20, (member) => member.finish(room, head));
    await this.#count(room, members[0]!);
  }

  /** The count of a room is that of its members once every change is through. */
  async #count(room: string, reader: Participant): Promise<void> {
    let counts: unknown;
    const agree = async (): Promise<boolean> => {
      const { member_count } = (await this.#read(`rooms/${room}`, reader)) as { member_count: number };
      let members = 0;
      for (let next: string | undefined = `rooms/${room}/members`; next !== undefined;) {
        const response = await reader.ask(next);
        members += ((await response.json()) as unknown[]).length;
        next = /\/api\/([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
      }
      counts = [member_count, members];
      return member_count === members;
    };
    await until(agree, { timeout: 60_000, interval: 200 }).catch(() =>
      this.record.note({
        kind: 'broken',
        who: reader.who,
        room,
        what: `counts and lists ${String(counts)} members`,
      }),
    );
  }

  /** Messages that were set aside: the dead letters of the topic, and the queue of rejected ones. */
  async setAside(): Promise<number> {
    const bus = this.serviceBus();
    const dead = bus.createReceiver(topic, subscription, { subQueueType: 'deadLetter' });
    const found = await Promise.all([
      dead.peekMessages(100),
      bus.createReceiver(rejectedQueue).peekMessages(100),
    ]);
    await bus.close();
    return found.flat().length;
  }

  serviceBus(): ServiceBusClient {
    return new ServiceBusClient(
      `Endpoint=sb://localhost:${this.stack.ports.amqp};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;`,
    );
  }

  async stop(): Promise<void> {
    this.begin();
    await Promise.all(this.hosts.map((host) => host.stop()));
    await this.stack.stop();
    rmSync(this.#data, { recursive: true, force: true });
  }

  #killAll(): void {
    for (const host of this.hosts) void host.kill();
    this.stack.kill();
  }

  async #history(room: string, reader: Participant): Promise<History> {
    const whole: History = { messages: [], head: 0, edition: 0, first: 1 };
    for (;;) {
      const after = whole.messages.at(-1)?.seq ?? 0;
      const page = await until(() => this.#page(room, reader, after), {
        what: 'the history',
        timeout: 180_000,
      });
      whole.messages.push(...page.messages);
      whole.head = page.head;
      if (page.messages.length === 0) return whole;
    }
  }

  async #page(room: string, reader: Participant, after: number): Promise<History> {
    return (await this.#read(`rooms/${room}/messages?after=${after}&limit=100`, reader)) as History;
  }

  async #read(path: string, reader: Participant): Promise<unknown> {
    const response = await reader.ask(path);
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    return response.json();
  }
}

/** Does something for each, for so many at a time. */
export async function inTurns<T, R>(all: T[], atATime: number, run: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = all.entries();
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (const [index, one] of rest) results[index] = await run(one);
    }),
  );
  return results;
}
