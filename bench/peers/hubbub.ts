/** Our whole stack as a peer: everybody a member of one room, `POST /publish` to the frame at a subscriber. */
import { BenchStack, servingParts } from '../stack/bench-stack.ts';
import { usageOf } from '../processes/usage.ts';
import type { Peer } from './peer.ts';

/** A stack with one room of `members`, each of whom is subscribed with one connection. */
export async function startHubbub(members: number): Promise<Peer> {
  const stack = await BenchStack.start();
  const [room = ''] = await stack.seed.rooms(1);
  const people = await stack.seed.members(room, members);
  const author = await stack.token(people[0]!);
  let connected = 0;
  return {
    title: 'Hubbub, the whole stack',
    subscribe: async (hearing) => stack.connect(await stack.token(people[connected++]!), hearing),
    publish: (text) => stack.publish(author, room, text),
    usage: () => usageOf(...servingParts.flatMap((part) => stack.pids(part))),
    stop: () => stack.stop(),
  };
}
