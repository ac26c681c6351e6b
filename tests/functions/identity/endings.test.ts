/** What ends: connections and addresses of who signed out, is deactivated or gone, and what becomes of their rooms. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { sweep } from '../../../functions/intents/sweep.ts';
import { changeRole } from '../../../functions/membership/roles.ts';
import { finishDeletePerson, setActive } from '../../../functions/people/departure.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { settings } from '../../../functions/platform/settings.ts';
import { connectionExists } from '../../../functions/realtime/push.ts';
import { until } from '../../support/until.ts';
import { connect, startLive, type Connection, type Live } from '../realtime/live.ts';
import { Caller, signIn as enter } from '../rooms/api.ts';
import {
  account,
  guest,
  outcome,
  password,
  refresh,
  remove,
  setPassword,
  signIn,
  signOut,
} from './service.ts';

let live: Live;
beforeAll(async () => {
  live = await startLive();
});
afterAll(() => live.stop());
afterEach(() => {
  live.arrives = () => {};
  live.answered = () => {};
});

/** Somebody with an account, and the calls of rooms as they make them. */
async function somebody() {
  const made = await account();
  const { user_id, name, token } = made;
  return { ...made, caller: new Caller({ user_id, name, kind: 'account' }, token) };
}

const sameOn = ({ caller }: { caller: Caller }, token: string): Caller => new Caller(caller.principal, token);

/** The status of a handshake with this address; 101 where it opens. */
async function handshake(url: string): Promise<number> {
  const socket = new WebSocket(url);
  const status = await new Promise<number>((done) => {
    socket.once('open', () => done(101));
    socket.once('unexpected-response', (_request, response) => done(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
  socket.close();
  return status;
}

const isOpen = async (connection: Connection): Promise<boolean> =>
  (await connection.ask('list_rooms')).type === 'rooms_list';

describe('the connections', () => {
  it('of a session are closed when it signs out, and no other', async () => {
    const alice = await somebody();
    const second = (await signIn({ email: alice.email, password })).body;
    const [phone, desk] = [await connect(alice.caller), await connect(sameOn(alice, second.token))];
    await signOut(alice.token);
    expect(await phone.closed).toBe(1000);
    expect(await isOpen(desk)).toBe(true);
    desk.close();
  });

  it.each<[string, (alice: Awaited<ReturnType<typeof somebody>>) => Promise<unknown>]>([
    ['signs out everywhere', ({ token }) => signOut(token, { everywhere: true })],
    ['deletes the account', ({ token }) => remove(token, { password })],
    ['is deactivated', ({ user_id }) => setActive(user_id, false)],
  ])('of somebody are all closed when they answer, who %s; no address opens another', async (_what, end) => {
    const alice = await somebody();
    const second = (await signIn({ email: alice.email, password })).body;
    const other = sameOn(alice, second.token);
    const open = [await connect(alice.caller), await connect(other), await connect(other)];
    const address = (await other.negotiate()).body.url;
    const stripped = new URL(address);
    stripped.searchParams.delete('hubbub_ticket');
    const ids: string[] = [];
    live.arrives = (event, id) => void (event === 'connect' && ids.push(id));
    const last = await connect(alice.caller);
    await end(alice);
    for (const id of ids) expect(await connectionExists(id)).toBe(false);
    expect(await Promise.all([...open, last].map(({ closed }) => closed))).toEqual([1000, 1000, 1000, 1000]);
    expect(await handshake(address)).toBe(401);
    expect(await handshake(stripped.href)).toBe(401);
    expect(outcome(await alice.caller.negotiate())).toBe('401 unauthenticated');
  });

  it('of other sessions are closed by a change of the password, and one’s own stays', async () => {
    const alice = await somebody();
    const second = (await signIn({ email: alice.email, password })).body;
    const [mine, theirs] = [await connect(alice.caller), await connect(sameOn(alice, second.token))];
    await setPassword(alice.token, { current: password, password: 'another good password' });
    expect(await theirs.closed).toBe(1000);
    expect(await isOpen(mine)).toBe(true);
    mine.close();
  });

  it('of a stolen session are closed when its token comes again', async () => {
    const alice = await somebody();
    const thief = (await refresh(alice.refresh_token)).body;
    const theirs = await connect(sameOn(alice, thief.token));
    await refresh(alice.refresh_token);
    expect(await theirs.closed).toBe(1000);
  });

  it('of a guest are closed when they sign out', async () => {
    const { token, user } = (await guest('Passing through')).body;
    const desk = await connect(new Caller({ ...user, kind: 'guest' }, token));
    await signOut(token);
    expect(await desk.closed).toBe(1000);
  });

  it('that open while their person signs out are not let in, or are closed', async () => {
    const alice = await somebody();
    const address = (await alice.caller.negotiate()).body.url;
    let ended: Promise<unknown> | undefined;
    // The door has looked at the ticket, and Web PubSub does not know the connection yet.
    live.answered = (event) => {
      if (event === 'connect') ended = signOut(alice.token, { everywhere: true });
    };
    const socket = new WebSocket(address);
    socket.on('error', () => {});
    const closed = new Promise((done) => socket.once('close', done));
    await until(() => ended, { what: 'the door' });
    await ended;
    await closed;
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  });

  it('send nothing any more that takes effect, though it was sent before', async () => {
    const [alice, owner] = [await somebody(), await enter()];
    const { id } = await owner.room(`Late ${newId()}`);
    const desk = await connect(alice.caller);
    let release = (): void => {};
    const held = new Promise<void>((done) => (release = done));
    let arrived = false;
    live.arrives = (event) => {
      if (event !== 'message') return undefined;
      arrived = true;
      return held;
    };
    desk.send(JSON.stringify({ action: 'join', room_id: id }));
    await until(() => arrived, { what: 'the event' });
    await signOut(alice.token);
    let done = false;
    live.answered = (event) => void (done ||= event === 'message');
    release();
    await until(() => done, { what: 'the refusal' });
    expect((await owner.members(id)).body.map(({ user_id }) => user_id)).toEqual([owner.id]);
  });

  it('are not recovered after they were closed', async () => {
    const alice = await somebody();
    const address = (await alice.caller.negotiate()).body.url;
    const socket = new WebSocket(address, 'json.reliable.webpubsub.azure.v1');
    const first = await new Promise<{ connectionId: string; reconnectionToken: string }>((done) =>
      socket.once('message', (data: Buffer) => done(JSON.parse(data.toString()))),
    );
    // The network goes: for half a minute the connection could be recovered.
    socket.terminate();
    const recovery = new URL(address);
    recovery.search = new URLSearchParams({
      awps_connection_id: first.connectionId,
      awps_reconnection_token: first.reconnectionToken,
    }).toString();
    const recover = () => new WebSocket(recovery, 'json.reliable.webpubsub.azure.v1');
    const again = recover();
    const event = await new Promise<{ event: string }>((done) =>
      again.once('message', (data: Buffer) => done(JSON.parse(data.toString()))),
    );
    expect(event.event).toBe('connected');
    again.terminate();
    await signOut(alice.token, { everywhere: true });
    const late = recover();
    expect(await new Promise((done) => late.once('close', done))).toBe(1008);
  });

  it('are opened by nobody else’s ticket', async () => {
    const [alice, mallory] = [await somebody(), await somebody()];
    const [address, own] = [
      new URL((await alice.caller.negotiate()).body.url),
      new URL((await mallory.caller.negotiate()).body.url),
    ];
    for (const ticket of [own.searchParams.get('hubbub_ticket') ?? '', alice.token, 'x', '']) {
      address.searchParams.set('hubbub_ticket', ticket);
      expect(await handshake(address.href), ticket).toBe(401);
    }
  });

  it('are closed by the sweep where the process died that should have', async () => {
    const alice = await somebody();
    const desk = await connect(alice.caller);
    const { writeIntent } = await import('../../../functions/intents/intents.ts');
    await writeIntent({ kind: 'end_sessions', user_id: alice.user_id });
    settings().INTENT_SECONDS = -100_000;
    await sweep(() => {});
    settings().INTENT_SECONDS = 30;
    expect(await desk.closed).toBe(1000);
  });
});

describe('the rooms of somebody who deletes their account', () => {
  it('are left: the oldest moderator gets them, else the oldest member, and with nobody they go', async () => {
    const alice = await somebody();
    const [bob, carol] = [await enter(), await enter()];
    const names = ['moderated', 'plain', 'empty'].map((name) => `${name} ${newId()}`);
    const [moderated, plain, empty] = await Promise.all(names.map((name) => alice.caller.room(name)));
    const theirs = await bob.room(`Bob’s ${newId()}`);
    const open = [await connect(bob), await connect(carol), await connect(alice.caller)];
    const [ofBob, ofCarol, ofAlice] = open;
    for (const { id: room_id } of [moderated!, plain!]) {
      await ofBob!.ask('join', { room_id });
      await ofCarol!.ask('join', { room_id });
    }
    await ofAlice!.ask('join', { room_id: theirs.id });
    const target = { roomId: moderated!.id, userId: carol.id };
    await changeRole(alice.caller.principal, target, 'moderator');
    expect(outcome(await remove(alice.token, { password }))).toBe('204');
    expect((await bob.read(moderated!.id)).body).toMatchObject({ owner: carol.id, member_count: 2 });
    expect((await bob.read(plain!.id)).body).toMatchObject({ owner: bob.id, member_count: 2 });
    expect((await bob.read(empty!.id)).body.code).toBe('room_not_found');
    expect((await bob.members(theirs.id)).body.map(({ user_id }) => user_id)).toEqual([bob.id]);
    for (const connection of open) connection.close();
  });

  it('are left in the end, also where the process died half way', async () => {
    const alice = await somebody();
    const { id } = await (await enter()).room(`Half way ${newId()}`);
    const desk = await connect(alice.caller);
    await desk.ask('join', { room_id: id });
    const own = await alice.caller.room(`Own ${newId()}`);
    // As if it had died right after the first step: signed out, and marked as deleted.
    const { endSessions } = await import('../../../functions/identity/sessions.ts');
    const { writeIntent } = await import('../../../functions/intents/intents.ts');
    await writeIntent({ kind: 'delete_person', user_id: alice.user_id });
    await endSessions(alice, { change: (user) => ({ ...user, state: 'deleted' }) });
    settings().INTENT_SECONDS = -100_000;
    await sweep(() => {});
    settings().INTENT_SECONDS = 30;
    const bob = await enter();
    expect((await bob.read(id)).body.member_count).toBe(1);
    expect((await bob.read(own.id)).body.code).toBe('room_not_found');
    expect(outcome(await signIn({ email: alice.email, password }))).toBe('401 wrong_credentials');
    // Once more does no harm.
    await finishDeletePerson(alice.user_id);
  });
});
