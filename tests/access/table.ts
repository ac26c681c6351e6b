/**
 * What everybody gets for everything that they may ask, written down from the contract and the documents and not
 * from the code: the other side of `functions/identity/permissions.ts`.
 */

/** The columns of the table, in this order. All but `guest` and `visitor` have accounts. */
const inside = ['owner', 'moderator', 'member', 'muted', 'guest'] as const;
/** `waiting` has asked to be let in, `visitor` is a guest. */
const outside = ['waiting', 'invited', 'outsider', 'visitor', 'banned'] as const;
/** For this room and call; for this room and another call; for another room and every call. */
const keys = ['key', 'narrow key', 'foreign key'] as const;
export const people = [...inside, ...outside] as const;
export const standings = [...people, ...keys, 'nobody'] as const;
export type Standing = (typeof standings)[number];

export const kinds = ['open', 'by_request', 'private'] as const;
export type Kind = (typeof kinds)[number];

/** What stands in a cell. */
export const outcomes: Record<string, string> = {
  '+': 'done',
  '!': 'room_not_found',
  A: 'already_member',
  M: 'not_moderator',
  O: 'not_owner',
  a: 'not_allowed',
  b: 'banned',
  f: 'not_found',
  i: 'invitation_not_found',
  m: 'not_member',
  r: 'by_request',
  t: 'token_refused',
  u: 'unauthenticated',
  v: 'muted',
};

/** What is asked in a room: by call or event, with a word where there are several rows of one. */
// prettier-ignore
export const inRooms: Record<string, [operation: string, open: string, byRequest: string, isPrivate: string]> = {
  //                                               omMqg wiovb KNF-    (owner, moderator, member, muted, guest; …)
  readRoom:               ['read_room',           '+++++ +++++ +aau', '+++++ +++++ +aau', '+++++ !+!!! +a!u'],
  readMessages:           ['read_messages',       '+++++ mmmmb +aau', '+++++ mmmmb +aau', '+++++ !m!!! +a!u'],
  publish:                ['publish',             '+++v+ mmmmb +aau', '+++v+ mmmmb +aau', '+++v+ !m!!! +a!u'],
  listMembers:            ['list_members',        '+++++ mmmmb +aau', '+++++ mmmmb +aau', '+++++ !m!!! +a!u'],
  markRead:               ['mark_read',           '+++++ mmmmb aaau', '+++++ mmmmb aaau', '+++++ !m!!! aaau'],
  listPins:               ['list_pins',           '+++++ mmmmb aaau', '+++++ mmmmb aaau', '+++++ !m!!! aaau'],
  reportMessage:          ['report_message',      '+++++ mmmmb aaau', '+++++ mmmmb aaau', '+++++ !m!!! aaau'],

  listInvitations:        ['invite',              '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  'invite a person':      ['invite',              '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  'invite by link':       ['invite',              '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  revokeInvitation:       ['invite',              '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  listJoinRequests:       ['decide_join_request', '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  decideJoinRequest:        ['decide_join_request', '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  removeMember:           ['remove_member',       '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  listBans:               ['list_restrictions',   '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  putBan:                 ['ban_member',          '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  liftBan:                ['ban_member',          '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  listMutes:              ['list_restrictions',   '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  putMute:                ['mute_member',         '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  liftMute:               ['mute_member',         '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  removeMessage:          ['remove_message',      '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  pinMessage:             ['pin_message',         '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  unpinMessage:           ['pin_message',         '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  listReports:            ['list_reports',        '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  decideReport:           ['decide_report',       '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  readAudit:              ['read_audit',          '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  'changeRoom slow mode': ['set_slow_mode',       '++MMM mmmmb aaau', '++MMM mmmmb aaau', '++MMM !m!!! aaau'],
  createKey:              ['create_key',          '++MMa mmmab aaau', '++MMa mmmab aaau', '++MMa !m!a! aaau'],

  'changeRoom name':      ['change_room',         '+OOOO OOOOb aaau', '+OOOO OOOOb aaau', '+OOOO !O!!! aaau'],
  'changeRoom kind':      ['change_room',         '+OOOO OOOOb aaau', '+OOOO OOOOb aaau', '+OOOO !O!!! aaau'],
  'changeRoom all':       ['change_room',         '+OOOO OOOOb aaau', '+OOOO OOOOb aaau', '+OOOO !O!!! aaau'],
  'changeMember appoint': ['change_role',         '+OOOO OOOOb aaau', '+OOOO OOOOb aaau', '+OOOO !O!!! aaau'],
  'changeMember hand over': ['change_role',       '+OOOO OOOOb aaau', '+OOOO OOOOb aaau', '+OOOO !O!!! aaau'],
  deleteRoom:             ['delete_room',         '+OOOO OOOOb aaau', '+OOOO OOOOb aaau', '+OOOO !O!!! aaau'],

  requestToJoin:          ['request_to_join',     'aaaaa aaaab aaau', 'AAAAA ++++b aaau', 'aaaaa !a!!! aaau'],
  withdrawJoinRequest:    ['request_to_join',     '+++++ +++++ aaau', '+++++ +++++ aaau', '+++++ +++++ aaau'],
  'answerInvitation accept':  ['answer_invitation', 'iiiii i+iii aaau', 'iiiii i+iii aaau', 'iiiii i+iii aaau'],
  readLink:               ['answer_invitation',   '+++++ ++++i aaau', '+++++ ++++i aaau', '+++++ ++++i aaau'],
  // Over the socket; a key and nobody get no connection.
  'event join':           ['join_room',           '+++++ ++++b aaau', '+++++ r+rrb aaau', '+++++ !+!!! aaau'],
  enterByLink:            ['answer_invitation',   '+++++ ++++i aaau', '+++++ ++++i aaau', '+++++ ++++i aaau'],

  'event leave':          ['leave_room',          '+++++ +++++ aaau', '+++++ +++++ aaau', '+++++ !m!!! aaau'],
  'answerInvitation decline': ['answer_invitation', 'iiiii i+iii aaau', 'iiiii i+iii aaau', 'iiiii i+iii aaau'],
};

/** What is asked about no room. `oneself` is not in the table of permissions: it is about the caller alone. */
// prettier-ignore
export const elsewhere: Record<string, [operation: string, outcome: string]> = {
  //                                          omMqg wiovb KNF-
  negotiate:           ['connect',           '+++++ +++++ aaau'],
  listRooms:           ['list_rooms',        '+++++ +++++ aaau'],
  'event list_rooms':  ['list_rooms',        '+++++ +++++ aaau'],
  createRoom:          ['create_room',       '+++++ +++++ aaau'],
  listMyRooms:         ['list_my_rooms',     '+++++ +++++ aaau'],
  listMyInvitations:   ['answer_invitation', '+++++ +++++ aaau'],
  listBlocks:          ['block',             '+++++ +++++ aaau'],
  block:               ['block',             '+++++ +++++ aaau'],
  unblock:             ['block',             '+++++ +++++ aaau'],
  readMetrics:         ['read_metrics',      '+++++ +++++ aaau'],

  readMe:              ['oneself',           '+++++ +++++ aaau'],
  changeMe:            ['oneself',           '+++++ +++++ aaau'],
  changePassword:      ['oneself',           '++++a +++a+ aaau'],
  deleteMe:            ['oneself',           '+++++ +++++ aaau'],
  listKeys:            ['oneself',           '+++++ +++++ aaau'],
  revokeKey:           ['oneself',           '+ffff fffff aaau'],
  findUsers:           ['oneself',           '+++++ +++++ aaau'],
  readUser:            ['oneself',           '+++++ +++++ aaau'],

  listProviders:       ['anybody',           '+++++ +++++ ++++'],
  signInAsGuest:       ['anybody',           '+++++ +++++ ++++'],
  register:            ['anybody',           '+++++ +++++ ++++'],
  signIn:              ['anybody',           '+++++ +++++ ++++'],
  signInWithProvider:  ['anybody',           'ttttt ttttt tttt'],
  refreshSession:      ['anybody',           'ttttt ttttt tttt'],
  signOut:             ['anybody',           '+++++ +++++ uuuu'],
  readHealth:          ['anybody',           '+++++ +++++ ++++'],
};

/** The cells of a row, by standing. */
export function cellsOf(row: string): { who: Standing; expected: string }[] {
  const letters = row.replaceAll(' ', '').split('');
  if (letters.length !== standings.length) throw new Error(`Not a cell for each standing: ${row}`);
  return standings.map((who, index) => {
    const expected = outcomes[letters[index]!];
    if (expected === undefined) throw new Error(`${row} has ${letters[index]}, which means nothing.`);
    return { who, expected };
  });
}
