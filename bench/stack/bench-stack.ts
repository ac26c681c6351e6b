/** The whole stack under load, as the load client sees it: an API address, people with tokens, their connections. */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Changes } from '../../local/stack/files.ts';
import { storageConnection } from '../../local/stack/files.ts';
import { startStack, type TestStack } from '../../tests/support/stack.ts';
import { post, postOrThrow } from '../load/post.ts';
import { Subscriber, type Hearing } from '../load/subscriber.ts';
import { Seed, tokenOf, type Person } from './seed.ts';

const settings = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as {
  Values: { SESSION_SIGNING_KEY: string };
};

/** The parts that serve; the page is not under load. */
export const servingParts = ['functions', 'serviceBus', 'webPubSub', 'storage'] as const;
export type ServingPart = (typeof servingParts)[number];

export class BenchStack {
  readonly started: TestStack;
  readonly seed: Seed;
  /** Publishes that the API asked to repeat: 429 and 503. */
  repeats = 0;

  private constructor(started: TestStack) {
    this.started = started;
    this.seed = new Seed(storageConnection(started.stack.ports));
  }

  static async start(changes?: Changes): Promise<BenchStack> {
    return new BenchStack(await startStack(changes && { changes }));
  }

  pid(part: ServingPart): number {
    return this.started.stack.part(part).child.pid!;
  }

  token(person: Person): Promise<string> {
    return tokenOf(person, settings.Values.SESSION_SIGNING_KEY);
  }

  /** Opens a connection as the page does; it is in the groups of the person's rooms when this returns. */
  async connect(token: string, hearing: Hearing): Promise<Subscriber> {
    const url = new URL(`${this.started.api}/negotiate`);
    const answer = await postOrThrow({ url, headers: { authorization: `Bearer ${token}` }, body: '' });
    const address = new URL((JSON.parse(answer) as { url: string }).url);
    const subscriber = new Subscriber();
    const path = address.pathname + address.search;
    const subprotocol = 'json.reliable.webpubsub.azure.v1';
    await subscriber.open({ port: Number(address.port), path, subprotocol }, hearing);
    return subscriber;
  }

  /** Publishes as the page does: what is refused for now is sent again, under the same id. */
  async publish(token: string, roomId: string, content: string, api = this.started.api): Promise<void> {
    const url = new URL(`${api}/publish`);
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

  stop(): Promise<void> {
    return this.started.stop();
  }
}
