/**
 * Judges a run by its record alone. Each rule is one function from the entries to the sentences that say how they
 * break it; a run without sentences is one that kept every promise of docs/protocol.md.
 */
import type { Entry } from './record.ts';

type Of<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>;

interface Room {
  head: number;
  idBySeq: Map<number, string>;
  seqById: Map<string, number>;
  contentById: Map<string, string>;
}

interface Run {
  entries: Entry[];
  rooms: Map<string, Room>;
  deleted: Set<string>;
}

export interface Judgement {
  violations: string[];
  /** What the verdict rests on: a run that saw nothing proves nothing. */
  counts: { sent: number; acknowledged: number; stored: number; shown: number; faults: number };
}

const of = <Kind extends Entry['kind']>(entries: Entry[], kind: Kind): Of<Kind>[] =>
  entries.filter((entry): entry is Of<Kind> => entry.kind === kind);

export function judge(entries: Entry[]): Judgement {
  const stored = of(entries, 'stored');
  const run: Run = {
    entries,
    rooms: new Map(stored.map((entry) => [entry.room, roomOf(entry)])),
    deleted: new Set(of(entries, 'deleted').map(({ room }) => room)),
  };
  const shown = of(entries, 'shown');
  return {
    violations: [dense, kept, shownAsStored, shownToAll, ordered, isolated, broken].flatMap((rule) =>
      rule(run),
    ),
    counts: {
      sent: of(entries, 'sent').length,
      acknowledged: of(entries, 'acknowledged').length,
      stored: stored.reduce((sum, { messages }) => sum + messages.length, 0),
      shown: shown.reduce((sum, { messages }) => sum + messages.length, 0),
      faults: of(entries, 'fault').length,
    },
  };
}

const roomOf = ({ head, messages }: Of<'stored'>): Room => ({
  head,
  idBySeq: new Map(messages.map(([seq, id]) => [seq, id])),
  seqById: new Map(messages.map(([seq, id]) => [id, seq])),
  contentById: new Map(messages.map(([, id, content]) => [id, content])),
});

/** LOG: the history is 1, 2, 3 … up to the head, each message once. */
function dense({ entries }: Run): string[] {
  return of(entries, 'stored').flatMap(({ room, head, messages }) => {
    const gap = messages.findIndex(([seq], index) => seq !== index + 1);
    const twice = messages.length - new Set(messages.map(([, id]) => id)).size;
    return [
      ...(gap >= 0 ? [`${room}: at place ${gap + 1} of the history stands number ${messages[gap]![0]}`] : []),
      ...(messages.length === head
        ? []
        : [`${room}: ${messages.length} messages are stored under head ${head}`]),
      ...(twice > 0 ? [`${room}: ${twice} messages are stored twice`] : []),
    ];
  });
}

/** ACK: what was acknowledged is stored as it was sent; what is stored was sent by somebody. */
function kept({ entries, rooms, deleted }: Run): string[] {
  const sent = new Map(of(entries, 'sent').map((entry) => [entry.id, entry]));
  const lost = of(entries, 'acknowledged').flatMap(({ who, room, id, seq }) => {
    if (deleted.has(room)) return [];
    const found = rooms.get(room)?.seqById.get(id);
    if (found === undefined) return [`${room}: ${id} was acknowledged to ${who} and is not stored`];
    return seq === undefined || seq === found
      ? []
      : [`${room}: ${id} was acknowledged as ${seq}, stored as ${found}`];
  });
  const strange = [...rooms].flatMap(([room, { contentById }]) =>
    [...contentById].flatMap(([id, content]) => {
      const origin = sent.get(id);
      if (origin === undefined) return [`${room}: ${id} is stored and was never sent`];
      if (origin.room !== room) return [`${room}: ${id} was sent to ${origin.room}`];
      return origin.content === content ? [] : [`${room}: ${id} is stored with other words`];
    }),
  );
  const acknowledged = new Set(of(entries, 'acknowledged').map(({ id }) => id));
  const refused = of(entries, 'refused')
    .filter(({ id, room }) => !acknowledged.has(id) && rooms.get(room)?.seqById.has(id))
    .map(({ room, id, code }) => `${room}: ${id} was refused (${code}) and is stored`);
  return [...lost, ...strange, ...refused];
}

/** LOG: whoever sees a number sees the message that is stored under it. */
function shownAsStored({ entries, rooms, deleted }: Run): string[] {
  return of(entries, 'shown').flatMap(({ who, room, messages }) =>
    deleted.has(room)
      ? []
      : messages
          .filter(([seq, id]) => rooms.get(room)?.idBySeq.get(seq) !== id)
          .map(
            ([seq, id]) =>
              `${room}: ${who} was shown ${id} as ${seq}, where ${rooms.get(room)?.idBySeq.get(seq)} is`,
          ),
  );
}

/** ACK: in the end every member who looks sees everything, from the first message to the last. */
function shownToAll({ entries, rooms }: Run): string[] {
  return of(entries, 'end').flatMap(({ who, room, messages }) => {
    const { head = 0, idBySeq } = rooms.get(room) ?? {};
    const wrong = messages.findIndex(([seq, id], index) => seq !== index + 1 || idBySeq?.get(seq) !== id);
    if (wrong >= 0)
      return [`${room}: ${who} has ${messages[wrong]!.join(' ')} at place ${wrong + 1} in the end`];
    return messages.length === head ? [] : [`${room}: ${who} has ${messages.length} of ${head} in the end`];
  });
}

/** LOG: what one device sent into a room one after another is stored in that order. */
function ordered({ entries, rooms }: Run): string[] {
  const last = new Map<string, number>();
  return of(entries, 'sent').flatMap(({ who, room, id }) => {
    const seq = rooms.get(room)?.seqById.get(id);
    if (seq === undefined) return [];
    const key = `${who} ${room}`;
    const before = last.get(key) ?? 0;
    last.set(key, Math.max(before, seq));
    return seq > before ? [] : [`${room}: ${id} of ${who} is number ${seq}, after its number ${before}`];
  });
}

/** ISO: nobody sees what was sent while they were certainly no member, unless they joined again since. */
function isolated({ entries }: Run): string[] {
  const outside = new Map<string, number>();
  const sentAt = new Map<string, number>();
  const seen: string[] = [];
  entries.forEach((entry, index) => {
    if (entry.kind === 'membership') {
      const key = `${personOf(entry.who)} ${entry.room}`;
      if (entry.state === 'out') outside.set(key, index);
      else if (entry.state === 'joining') outside.delete(key);
    } else if (entry.kind === 'sent') sentAt.set(entry.id, index);
    else if (entry.kind === 'shown') {
      const since = outside.get(`${personOf(entry.who)} ${entry.room}`);
      if (since === undefined) return;
      const leaked = entry.messages.filter(([, id]) => (sentAt.get(id) ?? Infinity) > since);
      seen.push(
        ...leaked.map(([seq]) => `${entry.room}: ${entry.who} was shown number ${seq} after leaving`),
      );
    }
  });
  return seen;
}

const broken = ({ entries }: Run): string[] =>
  of(entries, 'broken').map(({ who, room, what }) => `${room}: ${who}: ${what}`);

const personOf = (who: string): string => who.split('/')[0]!;
