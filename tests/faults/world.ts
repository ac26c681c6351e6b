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
const webPubSub = { Local: { RecoverySeconds: 3, RetryDelaysSeconds: [0.2, 0.5, 1] } };

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
    const stack = new Stack({ ports, data, only, changes: { webPubSub } });
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
    const participant = this.#participant(`${name}/1`, new Device(host.api));
    await again(() => participant.device.signIn(name));
    return participant;
  }

  /** The same person on one more device. */
  async another(participant: Participant): Promise<Participant> {
    const [person, number] = participant.who.split('/');
    const { storage } = participant.device.disk;
    const device = new Device(this.hosts[0]!.api, { ...newDisk(), storage });
    const other = this.#participant(`${person}/${Number(number) + 1}`, device);
    await device.untilOnline();
    return other;
  }

  people(count: number): Promise<Participant[]> {
    return inTurns(Array.from({ length: count }), 20, () => this.person());
  }

  #participant(who: string, device: Device): Participant {
    const participant = new Participant({ who, device, record: this.record });
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
  }

  /** Messages that were set aside: the dead letters of the topic, and the queue of rejected ones. */
  async setAside(): Promise<number> {
    const bus = new ServiceBusClient(
      `Endpoint=sb://localhost:${this.stack.ports.amqp};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;`,
    );
    const dead = bus.createReceiver(topic, subscription, { subQueueType: 'deadLetter' });
    const found = await Promise.all([
      dead.peekMessages(100),
      bus.createReceiver(rejectedQueue).peekMessages(100),
    ]);
    await bus.close();
    return found.flat().length;
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
    const address = `${this.hosts[0]!.api}/rooms/${room}/messages?after=${after}&limit=100`;
    const headers = { authorization: `Bearer ${reader.device.state.session!.token}` };
    const response = await fetch(address, { headers });
    if (!response.ok) throw new Error(`The history answers ${response.status}`);
    return (await response.json()) as History;
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
