/**
 * Bugs worth fearing, each planted by replacing one place in the code, and the test that must notice it. `find`
 * stands exactly once in its file: when the code moves, its mutant has to move with it.
 */

export interface Mutant {
  /** What is broken, in words. */
  name: string;
  /** From the root of the project. */
  file: string;
  find: string;
  replace: string;
  /** `test` as it is named, without the names around it. */
  caughtBy: { file: string; test: string };
}

export const mutants: Mutant[] = [
  {
    name: 'an append leaves out the row that finds a repeat by its id',
    file: 'functions/messages/store.ts',
    find: "    { type: 'insert', row: { partitionKey: roomId, rowKey: roomRows.messageId(message_id), seq } },\n",
    replace: '',
    caughtBy: {
      file: 'tests/functions/messages/log.test.ts',
      test: '[LOG] finds a repeat by its id, refuses another message under it, and fails no neighbour',
    },
  },
  {
    name: 'an append does not ask whether the log is still as it was read',
    file: 'functions/messages/store.ts',
    find: 'writeHead(roomId, log.etag, head)',
    replace: "writeHead(roomId, '*', head)",
    caughtBy: {
      file: 'tests/functions/messages/crash.test.ts',
      test: 'reads the log before it writes its intent, for every append anew: or the sweep could not end it',
    },
  },
  {
    name: 'a publish is acknowledged before its append',
    file: 'functions/messages/lane.ts',
    find: '  const begun = clock.now().getTime();\n',
    replace: `  const begun = clock.now().getTime();
  for (const [index, { draft, resolve }] of entries.entries()) {
    const timestamp = clock.now().toISOString();
    const told = { room_id: roomId, room_name: log.name, seq: log.head + 1 + index, timestamp };
    resolve({ type: 'message', ...draft, ...told });
  }
`,
    caughtBy: {
      file: 'tests/functions/messages/crash.test.ts',
      test: 'before appending to the log loses nothing acknowledged and leaves nothing untold',
    },
  },
  {
    name: 'the sweep does not announce what a process stored before it died',
    file: 'functions/messages/finish.ts',
    find: '  if (seqs.length > 0) await announceNumbers(room_id, seqs);\n',
    replace: '',
    caughtBy: {
      file: 'tests/functions/messages/finish.test.ts',
      test: '[ACK] the sweep announces what a publish stored and did not live to announce, and is done with it',
    },
  },
  {
    name: 'the client does not catch up when its connection opens',
    file: 'web/connection/synchronisation.ts',
    find: 'await conversations.catchUpCurrent()',
    replace: 'true',
    caughtBy: {
      file: 'tests/web/connection/synchronisation.test.ts',
      test: '[LOG] a new connection is online only when the room on screen has what was said meanwhile',
    },
  },
  {
    name: 'a join is answered before the connections are in the group of the room',
    file: 'functions/membership/membership.ts',
    find: 'if (!(await settle(person, roomId))) {',
    replace: 'if (!(void settle(person, roomId), true)) {',
    caughtBy: {
      file: 'tests/functions/realtime/border.test.ts',
      test: 'is heard from the moment at which a join is answered, before the answer is on its way',
    },
  },
];
