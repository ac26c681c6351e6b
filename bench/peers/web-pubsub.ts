/** The Web PubSub service of `local/` alone: one REST send to the group for each message. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { freePort } from '../../tests/support/ports.ts';
import { until } from '../../tests/support/until.ts';
import { postOrThrow } from '../load/post.ts';
import { Subscriber } from '../load/subscriber.ts';
import { startProgram } from '../processes/program.ts';
import { usageOfProgram, type Peer } from './peer.ts';

/** As its clients speak: `json` and `reliable` are Azure's subprotocols, `raw` is a WebSocket without one. */
export type Speech = 'raw' | 'json' | 'reliable';

const subprotocols: Record<Speech, string | undefined> = {
  raw: undefined,
  json: 'json.webpubsub.azure.v1',
  reliable: 'json.reliable.webpubsub.azure.v1',
};

const accessKey = 'bench-access-key-not-a-secret-0123456789';

export async function startWebPubSub(speech: Speech, { node = [] }: { node?: string[] } = {}): Promise<Peer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'hubbub-bench-'));
  const config = join(folder, 'web-pubsub.json');
  writeFileSync(config, JSON.stringify({ WebPubSub: { AccessKey: accessKey, Hubs: { bench: {} } } }));
  const args = [...node, 'local/web-pubsub/main.ts', '--config', config, '--port', String(port)];
  const program = await startProgram(process.execPath, args, port);
  const client = await sign(`http://localhost:${port}/client/hubs/bench`, { 'webpubsub.group': ['bench'] });
  const send = new URL(`http://localhost:${port}/api/hubs/bench/groups/bench/:send?api-version=2024-12-01`);
  const authorization = `Bearer ${await sign(send.href.split('?')[0]!, {})}`;
  const headers = { authorization, 'content-type': 'text/plain' };
  const subprotocol = subprotocols[speech];
  return {
    title: `Web PubSub, ${speech}`,
    subscribe: async (hearing) => {
      const subscriber = new Subscriber();
      const path = `/client/hubs/bench?access_token=${client}`;
      await subscriber.open({ port, path, ...(subprotocol !== undefined && { subprotocol }) }, hearing);
      // The greeting of the subprotocols is as long as a message; it must not come among them.
      if (speech !== 'raw') await until(() => subscriber.frames >= 1, { what: 'a greeting', interval: 1 });
      return subscriber;
    },
    publish: async (body) => void (await postOrThrow({ url: send, headers, body })),
    usage: usageOfProgram(program.pid),
    stop: async () => {
      await program.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

const sign = (audience: string, claims: Record<string, unknown>): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(accessKey));
