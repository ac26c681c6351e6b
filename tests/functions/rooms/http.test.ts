/** REST of rooms: what each call answers, and what it refuses with which words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem } from '../../../contract/problems.ts';
import { room } from '../../../contract/rooms.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { startWorld, type World } from '../messages/world.ts';
import { nextPage, signIn, type Caller } from './api.ts';

let world: World;
let alice: Caller;
let bob: Caller;
beforeAll(async () => {
  world = await startWorld();
  [alice, bob] = [await signIn(), await signIn()];
});
afterAll(() => world.stop());

describe('POST /rooms', () => {
  it('[COUNT] answers 201 with the room, its address, and its creator in it', async () => {
    const { status, headers, body } = await alice.create({ name: '  Tea room ', description: 'Tea' });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/rooms/${body.id}`);
    expect(room.parse(body)).toMatchObject({
      name: 'Tea room',
      description: 'Tea',
      created_by: alice.id,
      member_count: 1,
    });
    expect((await alice.read(body.id)).body).toEqual(body);
    expect((await alice.mine()).body).toMatchObject([{ room: { id: body.id }, role: 'owner', head: 0 }]);
  });

  it('answers a repeat with the same id by the same room, also when both come at once', async () => {
    const body = { id: newId(), name: 'Twice' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => bob.create(body)));
    answers.push(await bob.create(body));
    for (const { status, body: answered } of answers) {
      expect([status, answered.id, answered.member_count]).toEqual([201, body.id, 1]);
    }
  });

  it('[NAME] refuses a name that is taken, however it is written, and leaves nothing behind', async () => {
    await alice.create({ name: 'Straße No 1' });
    const id = newId();
    const before = (await bob.mine()).body.length;
    const { status, body } = await bob.create({ id, name: ' STRASSE  no １ ' });
    expect([status, body.code]).toEqual([409, 'name_taken']);
    expect(body.detail).toContain('Straße No 1');
    expect((await bob.read(id)).status).toBe(404);
    expect((await bob.mine()).body.length).toBe(before);
    expect((await bob.create({ id, name: 'Something else' })).status).toBe(201);
  });

  it('[ISO] refuses the id of a room of somebody else, without joining it', async () => {
    const { id } = await alice.room('Hers');
    const { status, body } = await bob.create({ id, name: 'Hers' });
    expect([status, body.code]).toEqual([409, 'room_id_in_use']);
    expect((await alice.read(id)).body.member_count).toBe(1);
    expect((await bob.members(id)).body.code).toBe('not_member');
  });

  it.each([
    ['no body', '', ''],
    ['no JSON', '{', ''],
    ['no name', { description: 'x' }, 'name'],
    ['an empty name', { name: ' \u3000 ' }, 'name'],
    ['a name of 51 characters', { name: '🍵'.repeat(51) }, 'name'],
    ['a name that has 51 after normalising', { name: `${'x'.repeat(49)}ﬁ` }, 'name'],
    ['a control character', { name: 'a\u0007b' }, 'name'],
    ['half a character', { name: 'a\ud800' }, 'name'],
    ['a long description', { name: 'x', description: 'y'.repeat(501) }, 'description'],
    ['an id that is none', { name: 'x', id: 'a/b' }, 'id'],
  ])('[BAD] refuses %s', async (_what, given, path) => {
    const { status, headers, body } = await alice.create(given);
    expect([status, body.code]).toEqual([400, 'invalid']);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(problem.parse({ ...body, status }).errors?.[0]?.path).toBe(path);
  });

  it('[BAD] takes 50 characters, whatever they cost in bytes', async () => {
    expect((await alice.create({ name: '🍵'.repeat(50) })).status).toBe(201);
  });

  it('refuses to create in the name of somebody else, and tolerates one’s own', async () => {
    expect((await alice.create({ name: 'Not mine', created_by: bob.id })).body.code).toBe('not_yourself');
    expect((await alice.create({ name: 'Mine', created_by: alice.id })).status).toBe(201);
  });
});

describe('GET /rooms', () => {
  it('lists General from the first start, and a new room at once to who made it', async () => {
    expect((await alice.list({ query: 'gen' })).body).toMatchObject([
      { name: 'General', created_by: 'system', member_count: 0 },
    ]);
    const { id } = await alice.room('Generations');
    expect((await alice.list({ query: 'GEN' })).body.map((each) => each.name)).toEqual([
      'General',
      'Generations',
    ]);
    await alice.remove(id);
    expect((await alice.list({ query: 'gen' })).body).toHaveLength(1);
  });

  it('pages through rooms in the order of their names, each once', async () => {
    const names = ['a', 'B', 'b#', 'c/d', 'C?', 'é', 'ℌ', '\\', 'z'].map((name) => `page ${name}`);
    for (const name of names) await alice.room(name);
    const seen: string[] = [];
    let query: Record<string, string> | undefined = { query: 'Page ', limit: '2' };
    while (query) {
      const page = await bob.list(query);
      expect(page.status).toBe(200);
      seen.push(...page.body.map(({ name }) => name));
      query = nextPage(page);
    }
    const folded = (name: string): string => name.normalize('NFKC').toLowerCase();
    expect(seen).toEqual(names.toSorted((left, right) => (folded(left) < folded(right) ? -1 : 1)));
  });

  it.each([
    [{ limit: '0' }, 'invalid'],
    [{ limit: '201' }, 'invalid'],
    [{ limit: '1e1' }, 'invalid'],
    [{ cursor: 'nonsense!' }, 'bad_cursor'],
    [{ cursor: '' }, 'bad_cursor'],
    [{ cursor: Buffer.from('a/b').toString('base64url') }, 'bad_cursor'],
    [{ cursor: Buffer.from('x'.repeat(600)).toString('base64url') }, 'bad_cursor'],
    [{ query: 'a\u0000' }, 'invalid'],
    [{ query: 'x'.repeat(51) }, 'invalid'],
  ])('[BAD] refuses %j', async (query, code) => {
    const { status, body } = await alice.list(query);
    expect([status, body.code]).toEqual([400, code]);
  });

  it('is not led astray by quotes and operators in what is searched', async () => {
    for (const query of ["' or RowKey ge '", "it's", '%', '+', '&', '"#./>?[\\']) {
      expect((await alice.list({ query })).body).toEqual([]);
    }
    await alice.room('it\'s 100 % "#./>?[\\');
    expect((await alice.list({ query: 'it\'s 100 % "#./>?[\\' })).body).toHaveLength(1);
  });
});

describe('one room', () => {
  it('[BAD] is not found under what cannot be an id', async () => {
    for (const id of ['', 'x', '../rooms', 'a#b', 'a\u0000', 'x'.repeat(2_000), newId()]) {
      for (const answer of [await alice.read(id), await alice.change(id, {}), await alice.remove(id)]) {
        expect([answer.status, answer.body.code]).toEqual([404, 'room_not_found']);
      }
      expect((await alice.members(id)).status).toBe(404);
      expect((await alice.markRead(id, { seq: 1 })).status).toBe(404);
    }
  });

  it('[NAME] can be renamed by its owner, in everything that repeats the name', async () => {
    const { id, version } = await alice.room('Before');
    const { status, body } = await alice.change(id, { name: 'After', description: 'New' });
    expect([status, body.name, body.description]).toEqual([200, 'After', 'New']);
    expect(body.version).toBeGreaterThan(version);
    expect((await alice.list({ query: 'After' })).body).toEqual([body]);
    expect((await alice.list({ query: 'Before' })).body).toEqual([]);
    expect((await bob.create({ name: 'before' })).status).toBe(201);
    expect((await bob.create({ name: 'after' })).status).toBe(409);
  });

  it('[NAME] can change the case of its name, and keep it', async () => {
    const { id } = await alice.room('case');
    expect((await alice.change(id, { name: 'CASE' })).body.name).toBe('CASE');
    expect((await alice.list({ query: 'case' })).body).toMatchObject([{ id, name: 'CASE' }]);
    expect((await alice.change(id, { name: 'CASE' })).status).toBe(200);
    expect((await alice.change(id, {})).status).toBe(200);
  });

  it('[NAME] keeps its name when the new one is taken', async () => {
    const { id } = await alice.room('Keeps');
    await bob.room('Taken');
    const { status, body } = await alice.change(id, { name: 'TAKEN', description: 'x' });
    expect([status, body.code]).toEqual([409, 'name_taken']);
    expect((await alice.read(id)).body).toMatchObject({ name: 'Keeps', description: '' });
    expect((await bob.create({ name: 'keeps' })).status).toBe(409);
  });

  it('is changed and deleted by its owner alone, and General by nobody', async () => {
    const { id } = await alice.room('Only hers');
    await alice.list();
    for (const target of [id, '00000000-0000-7000-8000-000000000001']) {
      expect((await bob.change(target, { name: 'His' })).body.code).toBe('not_owner');
      expect((await bob.remove(target)).body.code).toBe('not_owner');
    }
    expect((await alice.remove(id)).body).toEqual({ status: 'deleted', room_id: id });
    expect((await alice.remove(id)).status).toBe(404);
  });

  it.each([[{ name: '' }], [{ name: 7 }], [{ description: 'x'.repeat(501) }], ['x'], [[]]])(
    '[BAD] refuses the change %j',
    async (change) => {
      const { id, name } = await alice.room(`Unchanged ${newId()}`);
      expect((await alice.change(id, change)).status).toBe(400);
      expect((await alice.read(id)).body.name).toBe(name);
    },
  );

  it('is nobody’s who is not signed in', async () => {
    const nobody = await signIn();
    Object.assign(nobody, { token: 'x.y.z' });
    for (const answer of [nobody.create({ name: 'x' }), nobody.list(), nobody.mine(), nobody.negotiate()]) {
      expect((await answer).status).toBe(401);
    }
  });
});
