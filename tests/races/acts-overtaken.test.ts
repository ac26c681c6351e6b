/**
 * Who comes into a room, or changes who may, asleep before each request in turn until another act has come and gone:
 * the rules hold, and what is refused is refused as the contract says.
 */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { calls } from '../../contract/calls.ts';
import { runs } from '../support/draws.ts';
import {
  answer,
  ban,
  changeKind,
  changeRole,
  decide,
  enterByLink,
  invite,
  makeLink,
  mute,
  removeMember,
  request,
  revoke,
} from './acts.ts';
import { connect, create, join, leave, type Operation } from './operations.ts';
import { Races } from './run.ts';

let races: Races;
beforeAll(async () => {
  races = await Races.open();
});

/** 0 owns the room, which takes requests; 1 moderates it, 2 is in it; 3 waits, is invited by 1, and has links. */
const before: Operation[] = [
  create(0, 0, 'Quay'),
  connect(3, 13),
  join(1, 0),
  join(2, 0),
  changeRole(0, 1, 'moderator'),
  changeKind(0, 'by_request'),
  request(3),
  makeLink(1, 0, 1),
  invite(1, 1, 3),
];

const refusals = Object.fromEntries(
  Object.values(calls).flatMap((methods) => Object.values(methods).map(({ id, refuses }) => [id, refuses])),
);

/** Each with the call that it is. */
const sleepers: [Operation, string][] = [
  [enterByLink(3, 0), 'enterByLink'],
  [answer(3, 1, 'accept'), 'answerInvitation'],
  [decide(0, 3, 'admit'), 'decideJoinRequest'],
  [changeRole(0, 2, 'owner'), 'changeMember'],
  [changeRole(0, 2, 'moderator'), 'changeMember'],
  [removeMember(1, 2), 'removeMember'],
  [ban(1, 2), 'putBan'],
  [mute(1, 3), 'putMute'],
  [changeKind(0, 'open'), 'changeRoom'],
];
const passers = [
  ban(0, 3),
  ban(0, 2),
  removeMember(0, 2),
  leave(2, 0),
  leave(0, 0),
  changeRole(0, 1, 'member'),
  changeRole(0, 2, 'owner'),
  changeKind(0, 'private'),
  revoke(0, 0),
  enterByLink(2, 0),
  decide(1, 3, 'admit'),
  mute(0, 3),
];

describe('[COUNT] [ISO] the rules hold', () => {
  it.each(sleepers.map((each) => [each[0].what, ...each] as const))(
    'where any other act overtakes, at any request: %s',
    async (_what, operation, call) => {
      for (const passer of passers) {
        let slept = true;
        for (let sleepsAt = 0; slept; sleepsAt += 1) {
          slept = false;
          const once = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
            const [end] = await races.run(scheduler, before, [
              { operation, sleepsAt },
              { operation: passer },
            ]);
            slept ||= end?.slept ?? false;
            if (end?.code !== undefined) expect([...(refusals[call] ?? [])], passer.what).toContain(end.code);
          });
          await fc.assert(once, runs(1));
          expect(sleepsAt).toBeLessThan(150);
        }
      }
    },
  );
});
