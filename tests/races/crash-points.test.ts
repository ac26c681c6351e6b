/** Every change of rooms and messages, by every instance that can die or sleep of it. */
import { describeCrashes, type Change } from './crashes.ts';
import {
  connect,
  create,
  join,
  joinAndHear,
  leave,
  publish,
  publishMany,
  remove,
  rename,
  route,
} from './operations.ts';

const room = create(0, 0, 'Quay');

const changes: Change[] = [
  [publish(0, 0, 0), [room], 'done'],
  [publishMany(0, 0, [0, 1, 2]), [room], 'done'],
  [room, [], 'done'],
  [create(0, 1, 'Quay'), [room], 'refused'],
  [rename(0, 0, 'Pier'), [room], 'done'],
  [joinAndHear(1, 0), [room, connect(1, 0)], 'done'],
  [leave(1, 0), [room, connect(1, 0), join(1, 0)], 'done'],
  [connect(1, 0), [room, join(1, 0)], 'done or refused'],
  [remove(0, 0), [room, connect(1, 0), join(1, 0), publish(1, 0, 0)], 'done or refused'],
  [route, [room, publish(0, 0, 0), publish(0, 0, 1)], 'done'],
];

describeCrashes('[ACK] [LOG] [COUNT] [NAME] [ISO] [GONE]', changes);
