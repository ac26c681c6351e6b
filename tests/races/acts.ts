/** What people do to each other in rooms, as an instance is asked to do it in a run. */
import type { Role, RoomKind } from '../../contract/rooms.ts';
import type { Operation } from './operations.ts';
import type { Stage } from './stage.ts';

const target = (stage: Stage, whom: number, room: number) => ({
  roomId: stage.id(`room ${room}`),
  userId: stage.person(whom).user_id,
});

export const changeRole = (who: number, whom: number, role: Role, room = 0): Operation => ({
  what: `make ${whom} ${role} in ${room} by ${who}`,
  run: (app, stage) => app.changeRole(stage.person(who), target(stage, whom, room), role),
});

export const changeKind = (who: number, kind: RoomKind, room = 0): Operation => ({
  what: `make ${room} ${kind} by ${who}`,
  run: (app, stage) => app.changeRoom(stage.person(who), stage.id(`room ${room}`), { kind }),
});

export const ban = (who: number, whom: number, room = 0): Operation => ({
  what: `ban ${whom} from ${room} by ${who}`,
  run: (app, stage) => app.ban(stage.person(who), target(stage, whom, room), { reason: 'A reason' }),
});

export const mute = (who: number, whom: number, room = 0): Operation => ({
  what: `mute ${whom} in ${room} by ${who}`,
  run: (app, stage) => app.mute(stage.person(who), target(stage, whom, room), { reason: 'A reason' }),
});

export const lift = (who: number, kind: 'ban' | 'mute', whom: number, room = 0): Operation => ({
  what: `lift the ${kind} of ${whom} in ${room} by ${who}`,
  run: (app, stage) => app.lift(kind, stage.person(who), target(stage, whom, room)),
});

export const removeMember = (who: number, whom: number, room = 0): Operation => ({
  what: `remove ${whom} from ${room} by ${who}`,
  run: (app, stage) => app.remove(stage.person(who), target(stage, whom, room), 'A reason'),
});

/** A link; `most` says that nobody comes into the room but its owner and by this. */
export const makeLink = (who: number, link: number, uses: number, most = false): Operation => ({
  what: `make link ${link} for ${uses} by ${who}`,
  async run(app, stage) {
    const roomId = stage.id('room 0');
    if (most) stage.most.set(roomId, 1 + uses);
    const wanted = { expires_in_hours: 24, uses };
    const { id, token } = await app.invite(stage.person(who), roomId, wanted);
    stage.invitations.set(link, { id, token, uses });
  },
});

export const invite = (who: number, invitation: number, whom: number): Operation => ({
  what: `invite ${whom} as ${invitation} by ${who}`,
  async run(app, stage) {
    const { roomId, userId } = target(stage, whom, 0);
    const { id } = await app.invite(stage.person(who), roomId, { user_id: userId });
    stage.invitations.set(invitation, { id, token: undefined, uses: 1 });
  },
});

export const enterByLink = (who: number, link: number): Operation => ({
  what: `enter by link ${link} by ${who}`,
  run: (app, stage) => app.enterByLink(stage.person(who), stage.invitations.get(link)?.token ?? ''),
});

export const answer = (who: number, invitation: number, given: 'accept' | 'decline'): Operation => ({
  what: `${given} ${invitation} by ${who}`,
  run: (app, stage) =>
    app.answerInvitation(stage.person(who), stage.invitations.get(invitation)?.id ?? '', given),
});

export const revoke = (who: number, invitation: number): Operation => ({
  what: `take ${invitation} back by ${who}`,
  run: (app, stage) =>
    app.revoke(stage.person(who), stage.id('room 0'), stage.invitations.get(invitation)?.id ?? ''),
});

export const request = (who: number): Operation => ({
  what: `ask to be let in by ${who}`,
  run: (app, stage) => app.requestToJoin(stage.person(who), stage.id('room 0'), 'Please'),
});

export const withdraw = (who: number): Operation => ({
  what: `take the request back by ${who}`,
  run: (app, stage) => app.withdraw(stage.person(who), stage.id('room 0')),
});

export const decide = (who: number, whom: number, decision: 'admit' | 'refuse'): Operation => ({
  what: `${decision} ${whom} by ${who}`,
  run: (app, stage) => app.decideRequest(stage.person(who), target(stage, whom, 0), decision),
});
