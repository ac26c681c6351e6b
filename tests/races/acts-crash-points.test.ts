/** Every act on people and on who may come into a room, by every instance that can die or sleep of it. */
import {
  answer,
  ban,
  changeKind,
  changeRole,
  decide,
  enterByLink,
  invite,
  lift,
  makeLink,
  mute,
  removeMember,
  request,
  revoke,
  withdraw,
} from './acts.ts';
import { describeCrashes, type Change } from './crashes.ts';
import { connect, create, join, leave, type Operation } from './operations.ts';

/** A room of 0's with 1, who hears it, and 2, who moderates it. */
const room: Operation[] = [
  create(0, 0, 'Quay'),
  connect(1, 0),
  join(1, 0),
  join(2, 0),
  changeRole(0, 2, 'moderator'),
];
/** A room of 0's that nobody else is in. */
const alone: Operation[] = [create(0, 0, 'Quay'), connect(1, 0)];

const changes: Change[] = [
  [changeRole(0, 1, 'moderator'), room, 'done'],
  [changeRole(0, 2, 'member'), room, 'done'],
  [changeRole(0, 1, 'owner'), room, 'done or refused'],
  [leave(0, 0), room, 'done'],
  [changeKind(0, 'private'), room, 'done'],
  [changeKind(0, 'by_request'), room, 'done'],
  [changeKind(0, 'open'), [...room, changeKind(0, 'private')], 'done'],
  [ban(2, 1), room, 'done'],
  [ban(0, 2), room, 'done'],
  [ban(0, 1), alone, 'done'],
  [lift(0, 'ban', 1), [...alone, ban(0, 1)], 'done'],
  [mute(2, 1), room, 'done'],
  [lift(2, 'mute', 1), [...room, mute(2, 1)], 'done'],
  [removeMember(2, 1), room, 'done or refused'],
  [makeLink(0, 0, 2), alone, 'done'],
  [invite(0, 0, 1), alone, 'done'],
  [enterByLink(1, 0), [...alone, changeKind(0, 'private'), makeLink(0, 0, 2, true)], 'done or refused'],
  [answer(1, 0, 'accept'), [...alone, changeKind(0, 'private'), invite(0, 0, 1)], 'done or refused'],
  [answer(1, 0, 'decline'), [...alone, invite(0, 0, 1)], 'done or refused'],
  [revoke(0, 0), [...alone, makeLink(0, 0, 2)], 'done'],
  [request(1), [...alone, changeKind(0, 'by_request')], 'done'],
  [withdraw(1), [...alone, changeKind(0, 'by_request'), request(1)], 'done'],
  [decide(0, 1, 'admit'), [...alone, changeKind(0, 'by_request'), request(1)], 'done or refused'],
  [decide(0, 1, 'refuse'), [...alone, changeKind(0, 'by_request'), request(1)], 'done or refused'],
];

describeCrashes('[COUNT] [ISO]', changes, 1);
