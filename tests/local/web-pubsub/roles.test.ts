/** What roles allow: all groups, one, or those of a pattern. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Roles } from '../../../local/web-pubsub/connection/roles.ts';

const allows = (role: string, group: string) => new Roles([role]).allows('sendToGroup', group);

describe('a role', () => {
  it.each([
    ['webpubsub.sendToGroup', 'any', true],
    ['webpubsub.sendToGroup.a', 'a', true],
    ['webpubsub.sendToGroup.a', 'b', false],
    ['webpubsub.sendToGroup.a', 'A', false],
    ['webpubsub.sendToGroup.a.b', 'a.b', true],
    ['webpubsub.sendToGroup.*', 'a', false],
    ['webpubsub.sendToGroup.*', '*', true],
    ['webpubsub.joinLeaveGroup', 'any', false],
    ['webpubsub.sendToGroups', 'any', false],
    ['webpubsub.SendToGroup', 'any', false],
    ['another.role', 'any', false],
    ['webpubsub.sendToGroups.room.*', 'room.1', true],
    ['webpubsub.sendToGroups.room.*', 'room.', true],
    ['webpubsub.sendToGroups.room.*', 'room.1.2', false],
    ['webpubsub.sendToGroups.room.**', 'room.1.2', true],
    ['webpubsub.sendToGroups.room.?', 'room.1', true],
    ['webpubsub.sendToGroups.room.?', 'room..', false],
    ['webpubsub.sendToGroups.room.?', 'room.12', false],
    ['webpubsub.sendToGroups.room.?', 'Room.1', false],
    ['webpubsub.sendToGroups.a\\*b', 'a*b', true],
    ['webpubsub.sendToGroups.a\\*b', 'axb', false],
    ['webpubsub.sendToGroups.a+(b)[c]', 'a+(b)[c]', true],
    ['webpubsub.sendToGroups.*.*.*.*.*', 'a.b.c.d.e', true],
    ['webpubsub.sendToGroups.*.*.*.*.*.*', 'a.b.c.d.e.f', false],
  ])('%s for %s: %j', (role, group, expected) => {
    expect(allows(role, group)).toBe(expected);
  });

  it('names any group literally', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (named, asked) => {
        expect(allows(`webpubsub.sendToGroup.${named}`, asked)).toBe(named === asked);
      }),
    );
  });
});
