/** The seed guide's room server, where Python has what it needs. */
import { spawnSync } from 'node:child_process';
import { freePort } from '../../tests/support/ports.ts';
import { until } from '../../tests/support/until.ts';
import { Subscriber } from '../load/subscriber.ts';
import { startProgram } from '../processes/program.ts';
import { publishJson } from './node-peers.ts';
import { usageOfProgram, type Peer } from './peer.ts';

/** Debian's packages belong to Debian's Python, which need not be the first one. */
const pythons = ['python3', '/usr/bin/python3'];

/** Undefined where no Python has FastAPI, uvicorn and websockets. */
export async function startFastApi(): Promise<Peer | undefined> {
  const python = pythons.find(
    (name) => spawnSync(name, ['-c', 'import fastapi, uvicorn, websockets']).status === 0,
  );
  if (python === undefined) return undefined;
  const port = await freePort();
  const program = await startProgram(python, ['bench/peers/room_server.py', String(port)], port);
  return {
    title: 'FastAPI',
    subscribe: async (hearing) => {
      const subscriber = new Subscriber();
      await subscriber.open({ port, path: '/ws?user_id=bench' }, hearing);
      subscriber.say('{"action":"join","room_id":"bench"}');
      await until(() => subscriber.frames >= 1);
      return subscriber;
    },
    publish: publishJson(port),
    usage: usageOfProgram(program.pid),
    stop: () => program.stop(),
  };
}
