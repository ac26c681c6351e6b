/**
 * Up to three instances at once, each with an act on people or on who may come into a room; any of them may die, or
 * sleep while the sweep takes it for dead. fast-check draws who does what, and in which order requests go through.
 * HUBBUB_TORTURE_RUNS multiplies the runs.
 */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { runs } from '../support/draws.ts';
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
import { connect, create, join, leave, remove, rename, sweep, type Operation } from './operations.ts';
import { most, Races, type Part } from './run.ts';

let races: Races;
beforeAll(async () => {
  races = await Races.open();
});

const who = fc.nat(3);
const pair = fc.tuple(who, who);
const death = fc.option(fc.record({ at: fc.nat(40), arrives: fc.boolean() }), { nil: undefined });

/** What is at work at once: any of them may die; or they sleep, and the sweep passes. */
function parts(operations: fc.Arbitrary<Operation>): fc.Arbitrary<Part[]> {
  const atWork = { minLength: 2, maxLength: most - 1 };
  const dying = fc.array(fc.record({ operation: operations, death }), atWork);
  const sleeping = fc.array(fc.record({ operation: operations }), atWork);
  return fc.oneof(
    dying,
    sleeping.map((some): Part[] => [...some, { operation: sweep }]),
  );
}

const roles = fc
  .tuple(pair, fc.constantFrom('owner', 'moderator', 'member'))
  .map(([[one, other], role]) => changeRole(one, other, role));
const comings = fc.tuple(fc.constantFrom(join, leave), who).map(([act, one]) => act(one, 0));
const restrictions = fc
  .tuple(pair, fc.constantFrom(ban, mute, removeMember))
  .map(([[one, other], act]) => act(one, other));
const lifts = fc
  .tuple(pair, fc.constantFrom('ban', 'mute'))
  .map(([[one, other], kind]) => lift(one, kind, other));
const changes = fc.oneof(
  fc.constantFrom('Pier', 'QUAY').map((name) => rename(0, 0, name)),
  fc.constant(remove(0, 0)),
);
const kindChanges = fc.constantFrom('open', 'by_request', 'private').map((kind) => changeKind(0, kind));
const doors = fc.oneof(
  who.map((one) => enterByLink(one, 0)),
  who.map((one) => enterByLink(one, 1)),
  fc.constantFrom(answer(3, 2, 'accept'), answer(3, 2, 'decline')),
  fc.nat(2).map((number) => revoke(0, number)),
);
const requests = fc.oneof(
  who.map(request),
  who.map(withdraw),
  fc
    .tuple(pair, fc.constantFrom('admit', 'refuse'))
    .map(([[one, other], decision]) => decide(one, other, decision)),
);

/** 0 owns it, 1 moderates it, 2 is in it, 3 is not. */
const room: Operation[] = [
  create(0, 0, 'Quay'),
  connect(2, 12),
  connect(3, 13),
  join(1, 0),
  join(2, 0),
  changeRole(0, 1, 'moderator'),
];
/** A private one of 0's alone, with a link for two; nobody else comes in but by that. */
const alone: Operation[] = [
  create(0, 0, 'Quay'),
  connect(3, 13),
  changeKind(0, 'private'),
  makeLink(0, 0, 2, true),
];

const kinds: Record<string, [Operation[], fc.Arbitrary<Part[]>]> = {
  '[ISO] roles, leaving and being put out': [room, parts(fc.oneof(roles, comings, restrictions))],
  '[ISO] bans, mutes and what lifts them': [
    [...room, ban(0, 3), mute(1, 2)],
    parts(fc.oneof(restrictions, lifts, comings)),
  ],
  '[ISO] [NAME] kinds of a room, and who comes and asks': [
    [...room, changeKind(0, 'by_request'), request(3)],
    parts(fc.oneof(kindChanges, kindChanges, changes, requests, comings, fc.constant(ban(1, 3)))),
  ],
  'a link, and as many as it says': [
    alone,
    parts(
      fc.oneof(
        who.map((one) => enterByLink(one, 0)),
        fc.constant(revoke(0, 0)),
      ),
    ),
  ],
  '[ISO] invitations beside anything that ends them': [
    [...room, makeLink(1, 0, 1), makeLink(0, 1, 2), invite(1, 2, 3)],
    parts(fc.oneof(doors, restrictions, roles, kindChanges)),
  ],
};

describe('whatever people do to each other at once, and whoever dies,', () => {
  for (const [what, [before, drawn]] of Object.entries(kinds)) {
    it(`the rules hold: ${what}`, async () => {
      const ended = new Set<string>();
      await fc.assert(
        fc.asyncProperty(drawn, fc.scheduler(), async (some, scheduler) => {
          for (const { kind } of await races.run(scheduler, before, some)) ended.add(kind);
        }),
        runs(150),
      );
      // Or nothing was tried.
      expect([...ended].toSorted()).toEqual(['dead', 'done', 'refused']);
    });
  }
});
