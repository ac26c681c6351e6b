/** The whole stack under load, as the load client sees it: an API address, people with tokens, their connections. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { prepareFiles, storageConnection, type Changes } from '../../local/stack/files.ts';
import { stackParts } from '../../local/stack/parts.ts';
import type { Ports } from '../../local/stack/ports.ts';
import { RunningPart } from '../../local/stack/process.ts';
import { Stack } from '../../local/stack/stack.ts';
import { freePort, freeStackPorts } from '../../tests/support/ports.ts';
import { post, postOrThrow } from '../load/post.ts';
import { Subscriber, type Hearing } from '../load/subscriber.ts';
import { Seed, tokenOf, type Person } from './seed.ts';

const settings = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as {
  Values: { SESSION_SIGNING_KEY: string };
};

/** The parts that serve; the page is not under load. */
export const servingParts = ['functions', 'serviceBus', 'webPubSub', 'storage'] as const;
export type ServingPart = (typeof servingParts)[number];

export interface BenchStackOptions {
  ports?: Ports;
  changes?: Changes;
  /** Functions hosts beside the first. */
  moreHosts?: number;
}

export class BenchStack {
  readonly data = mkdtempSync(join(tmpdir(), 'hubbub-bench-'));
  readonly seed: Seed;
  /** Addresses of the functions hosts: `http://localhost:PORT/api`. */
  readonly apis: string[] = [];
  /** Publishes that the API asked to repeat: 429 and 503. */
  repeats = 0;
  readonly #stack: Stack;
  readonly #moreHosts: RunningPart[] = [];
  #turn = 0;
  readonly #killIt = (): void => {
    this.#stack.kill();
    for (const host of this.#moreHosts) host.kill();
  };

  private constructor(ports: Ports, changes: Changes) {
    this.#stack = new Stack({ ports, data: this.data, only: [...servingParts], changes });
    this.seed = new Seed(storageConnection(ports));
    this.apis.push(`http://localhost:${ports.functions}/api`);
    process.once('exit', this.#killIt);
  }

  static async start(options: BenchStackOptions = {}): Promise<BenchStack> {
    const { ports, moreHosts = 0 } = options;
    // What is measured is the service, not how it holds people back.
    const changes = {
      ...options.changes,
      settings: { LIMITS: 'off', ...options.changes?.settings },
    };
    const stack = new BenchStack(ports ?? (await freeStackPorts()), changes);
    await stack.#stack.start();
    for (let count = 0; count < moreHosts; count += 1) await stack.#startHost(changes);
    return stack;
  }

  async #startHost(changes: Changes): Promise<void> {
    const ports = { ...this.#stack.ports, functions: await freePort() };
    const data = join(this.data, `host-${ports.functions}`);
    const host = new RunningPart(
      stackParts({ data, ports, files: prepareFiles(data, ports, changes), watch: false }).functions,
    );
    this.#moreHosts.push(host);
    await host.ready();
    this.apis.push(`http://localhost:${ports.functions}/api`);
  }

  /** Of a part's processes: for `functions` those of every host. */
  pids(part: ServingPart): number[] {
    const first = this.#stack.part(part).child.pid!;
    return part === 'functions' ? [first, ...this.#moreHosts.map(({ child }) => child.pid!)] : [first];
  }

  token(person: Person): Promise<string> {
    return tokenOf(person, settings.Values.SESSION_SIGNING_KEY);
  }

  /** Opens a connection as the page does; it is in the groups of the person's rooms when this returns. */
  async connect(token: string, hearing: Hearing): Promise<Subscriber> {
    const url = new URL(`${this.apis[0]}/negotiate`);
    const answer = await postOrThrow({ url, headers: { authorization: `Bearer ${token}` }, body: '' });
    const address = new URL((JSON.parse(answer) as { url: string }).url);
    const subscriber = new Subscriber();
    const path = address.pathname + address.search;
    const subprotocol = 'json.reliable.webpubsub.azure.v1';
    // Past whatever proxy the address leads to.
    const port = this.#stack.ports.webPubSub;
    await subscriber.open({ port, host: address.host, path, subprotocol }, hearing);
    return subscriber;
  }

  /** Publishes as the page does, at each host by turns: what is refused for now is sent again, under the same id. */
  async publish(token: string, roomId: string, content: string): Promise<void> {
    const url = new URL(`${this.apis[this.#turn++ % this.apis.length]}/publish`);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ room_id: roomId, content, message_id: crypto.randomUUID() });
    for (;;) {
      const { status, text } = await post({ url, headers, body });
      if (status === 200) return;
      if (status !== 429 && status !== 503) throw new Error(`publish answered ${status}: ${text}`);
      this.repeats += 1;
      await wait(500 + Math.random() * 1_000);
    }
  }

  async stop(): Promise<void> {
    for (const host of this.#moreHosts) await host.stop();
    await this.#stack.stop();
    process.off('exit', this.#killIt);
    rmSync(this.data, { recursive: true, force: true });
  }
}
