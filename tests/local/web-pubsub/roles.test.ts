/** What roles allow: all groups, one, or those of a pattern. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Roles } from '../../../local/web-pubsub/connection/roles.ts';
import { runs } from '../../support/draws.ts';

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
    ['webpubsub.sendToGroups.room.?', 'room.😀', true],
    ['webpubsub.sendToGroups.***', 'a.b', true],
    ['webpubsub.sendToGroups.**x', 'a.bx', true],
    ['webpubsub.sendToGroups.**x', 'a.xb', false],
    ['webpubsub.sendToGroups.a\\', 'a\\', true],
    // Matched as a regular expression it would take longer than anybody waits.
    ['webpubsub.sendToGroups.*a*a*a*a*b', 'a'.repeat(1024), false],
    ['webpubsub.sendToGroups.*.*.*.*.*', 'a.b.c.d.e', true],
    ['webpubsub.sendToGroups.*.*.*.*.*.*', 'a.b.c.d.e.f', false],
  ])('%s for %s: %j', (role, group, expected) => {
    expect(allows(role, group)).toBe(expected);
  });

  it('covers exactly the names that its pattern describes', () => {
    const parts = fc.array(fc.constantFrom('a', '.', '?', '*', '**'), { maxLength: 5 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 8 });
    const sources: Record<string, string> = { a: 'a', '.': '\\.', '?': '[^.]', '*': '[^.]*', '**': '.*' };
    fc.assert(
      fc.property(parts, name, (pattern, group) => {
        // Stars beside each other are read greedily, from the left.
        const text = pattern.join('');
        const read = text.match(/\*\*|./g) ?? [];
        fc.pre(text !== '' && text.replaceAll(/[^*]/g, '').length <= 5);
        const expected = new RegExp(`^${read.map((part) => sources[part]).join('')}$`).test(group);
        expect(allows(`webpubsub.sendToGroups.${text}`, group)).toBe(expected);
      }),
      runs(500),
    );
  });

  it('names any group literally', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (named, asked) => {
        expect(allows(`webpubsub.sendToGroup.${named}`, asked)).toBe(named === asked);
      }),
    );
  });
});
