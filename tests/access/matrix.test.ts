/** [ISO] The whole matrix: whatever may be asked, by everybody, in rooms of every kind. */
import { ask, ways } from './routes.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userEvents } from '../../contract/names.ts';
import { operations, operationsElsewhere } from '../../functions/identity/permissions.ts';
import { account } from '../functions/identity/service.ts';
import { Caller } from '../functions/rooms/api.ts';
import { connect, startLive, type Connection, type Live } from '../functions/realtime/live.ts';
import { asked } from './asking.ts';
import {
  asPerson,
  castAll,
  furnish,
  newGuest,
  tokenOf,
  type Cast,
  type Place,
  roomNames,
  type RoomName,
} from './cast.ts';
import { stateOf, stateOfPeople } from './state.ts';
import { cellsOf, elsewhere, inRooms, kinds, people, standings, type Kind, type Standing } from './table.ts';

let live: Live;
let cast: Cast;
const places = new Map<string, Place>();
const placeOf = (room: RoomName, kind: Kind): Place => places.get(`${room} ${kind}`)!;
const sockets = new Map<string, Connection>();

beforeAll(async () => {
  live = await startLive();
  cast = await castAll();
  for (const kind of kinds)
    await Promise.all(
      roomNames.map(async (room) => places.set(`${room} ${kind}`, await furnish(cast, kind, room))),
    );
  for (const who of people) sockets.set(who, await connect(new Caller(asPerson(cast[who]), cast[who].token)));
});
afterAll(async () => {
  for (const socket of sockets.values()) socket.close();
  await live.stop();
});

const nameOf = (row: string): string => (row.startsWith('event ') ? row : row.split(' ')[0]!);

/** Somebody who may be lost, of the same kind. */
async function double(who: Standing, token: string | undefined): Promise<string | undefined> {
  if (!(people as readonly string[]).includes(who)) return token;
  return (['guest', 'visitor'].includes(who) ? await newGuest() : await account()).token;
}

/** Asks what a row is about, as somebody, and answers the code of the refusal, or `done`. */
async function outcomeOf(row: string, operation: string, place: Place, who: Standing): Promise<string> {
  const { given, throwaway } = asked[row]!;
  const token = tokenOf(cast, place, who, operation);
  const sent = given?.({ cast, place, who }) ?? {};
  const socket = sockets.get(who);
  if (row.startsWith('event ') && socket) {
    const { type, problem } = await socket.ask(row.slice('event '.length), sent.body as object);
    return type === 'error' ? (problem as { code: string }).code : 'done';
  }
  // Who gets no connection sends no event.
  const id = row.startsWith('event ') ? 'negotiate' : nameOf(row);
  const { status, body } = await ask(id, throwaway ? await double(who, token) : token, sent);
  return status < 300 ? 'done' : body.code;
}

interface Told {
  row: string;
  operation: string;
  cells: string;
  place: Place;
  state: () => Promise<unknown>;
}

/** All cells of a row: first the refusals, after which all must be as before; then what is allowed. */
async function expectRow({ row, operation, cells, place, state }: Told): Promise<void> {
  const expected = cellsOf(cells);
  const got = new Map<Standing, string>();
  const refused = expected.filter((cell) => cell.expected !== 'done');
  const before = await state();
  await Promise.all(
    refused.map(async ({ who }) => got.set(who, await outcomeOf(row, operation, place, who))),
  );
  expect(await state(), `${row}: a refusal changed something`).toEqual(before);
  for (const cell of expected)
    if (cell.expected === 'done') got.set(cell.who, await outcomeOf(row, operation, place, cell.who));
  expect(Object.fromEntries(got)).toEqual(
    Object.fromEntries(expected.map((each) => [each.who, each.expected])),
  );
}

describe('the table', () => {
  it('has rows for every call and event, and for nothing else', () => {
    const named = new Set([...Object.keys(inRooms), ...Object.keys(elsewhere)].map(nameOf));
    const events = userEvents.filter((name) => name !== 'message').map((name) => `event ${name}`);
    expect([...named].toSorted()).toEqual([...Object.keys(ways), ...events].toSorted());
    expect(Object.keys(asked).toSorted()).toEqual(
      [...Object.keys(inRooms), ...Object.keys(elsewhere)].toSorted(),
    );
  });

  it('has rows for every operation that permissions are about, and for nothing else', () => {
    const rows = [...Object.values(inRooms), ...Object.values(elsewhere)].map(([operation]) => operation);
    const known = [...operations, ...operationsElsewhere, 'oneself', 'anybody'];
    expect([...new Set(rows)].toSorted()).toEqual(known.toSorted());
  });

  it('is as large as this', () => {
    const [rooms, others] = [Object.keys(inRooms).length, Object.keys(elsewhere).length];
    const [inside, outside] = [rooms * standings.length * kinds.length, others * standings.length];
    console.log(
      `access: ${rooms} operations × ${standings.length} standings × ${kinds.length} kinds = ${inside} cases, ` +
        `and ${others} operations about no room × ${standings.length} standings = ${outside}; ${inside + outside} cases`,
    );
    expect(inside + outside).toBeGreaterThan(2_000);
  });
});

describe.each(kinds)('in a room of kind %s', (kind) => {
  const column = kinds.indexOf(kind) + 1;
  it.each(Object.entries(inRooms))('%s', async (row, cells) => {
    const place = placeOf(asked[row]!.room ?? 'shared', kind);
    await expectRow({
      row,
      operation: cells[0],
      cells: cells[column]!,
      place,
      state: () => stateOf(place.id),
    });
  });
});

describe('about no room', () => {
  it.each(Object.entries(elsewhere))('%s', async (row, [operation, cells]) => {
    await expectRow({ row, operation, cells, place: placeOf('shared', 'open'), state: stateOfPeople });
  });
});
