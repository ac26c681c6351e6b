/** The peers that run on Node: a plain `ws` loop, and Socket.IO. */
import { freePort } from '../../tests/support/ports.ts';
import { until } from '../../tests/support/until.ts';
import { postOrThrow } from '../load/post.ts';
import { Subscriber, type Hearing } from '../load/subscriber.ts';
import { startProgram } from '../processes/program.ts';
import { usageOfProgram, type Peer } from './peer.ts';

interface Start {
  /** Further options for Node. */
  node?: string[];
}

export async function startWs({ node = [] }: Start = {}): Promise<Peer> {
  const port = await freePort();
  const program = await startProgram(process.execPath, [...node, 'bench/peers/ws.ts', String(port)], port);
  const url = new URL(`http://127.0.0.1:${port}/publish`);
  return {
    title: 'plain ws',
    subscribe: (hearing) => opened({ port, path: '/' }, hearing),
    publish: async (body) => void (await postOrThrow({ url, body })),
    usage: usageOfProgram(program.pid),
    stop: () => program.stop(),
  };
}

export async function startSocketIo(): Promise<Peer> {
  const port = await freePort();
  const program = await startProgram(process.execPath, ['bench/peers/socket-io.ts', String(port)], port);
  return {
    title: 'Socket.IO',
    subscribe: async (hearing) => {
      const subscriber = await opened({ port, path: '/socket.io/?EIO=4&transport=websocket' }, hearing);
      // Engine.IO's open, the namespace, the event; each waits for the answer to the one before.
      await until(() => subscriber.frames >= 1);
      subscriber.say('40');
      await until(() => subscriber.frames >= 2);
      subscriber.say('42["join","bench"]');
      await until(() => subscriber.frames >= 3);
      return subscriber;
    },
    publish: publishJson(port),
    usage: usageOfProgram(program.pid),
    stop: () => program.stop(),
  };
}

async function opened(target: { port: number; path: string }, hearing: Hearing): Promise<Subscriber> {
  const subscriber = new Subscriber();
  await subscriber.open(target, hearing);
  return subscriber;
}

/** `POST /publish` as the seed guide has it. */
export function publishJson(port: number): (text: string) => Promise<void> {
  const url = new URL(`http://127.0.0.1:${port}/publish`);
  const headers = { 'content-type': 'application/json' };
  return async (content) => {
    const body = JSON.stringify({ room_id: 'bench', content, sender: 'bench' });
    await postOrThrow({ url, headers, body });
  };
}
