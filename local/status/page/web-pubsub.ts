/** What the Web PubSub program tells (`GET /status`), and how the page shows it. */
import { addTable } from './table.ts';
import { count, number, time } from './words.ts';

interface Connection {
  connectionId: string;
  userId?: string;
  subprotocol?: string;
  /** ISO time. */
  connectedAt?: string;
}

interface Hub {
  name: string;
  connections: Connection[];
  groups: { name: string; members: { connectionId: string; userId?: string }[] }[];
}

export interface WebPubSubStatus {
  hubs: Hub[];
  /** Newest first. */
  recent?: { time: string; operation: string; target: string; detail?: string }[];
}

/** As many names of members as are worth reading. */
const namedMembers = 12;

/** Prepares the section; answers what writes a status into it and sums it up in a few words. */
export function webPubSubSection(section: HTMLElement): (status: WebPubSubStatus) => string {
  const connections = addTable<Connection & { hub: string }>(section, 'Connections', {
    columns: [
      { head: 'User', cell: ({ userId }) => userId ?? { text: 'nobody', tone: 'quiet' } },
      { head: 'Hub', cell: ({ hub }) => hub },
      { head: 'Since', cell: ({ connectedAt }) => (connectedAt === undefined ? '' : time(connectedAt)) },
      { head: 'Subprotocol', cell: ({ subprotocol }) => ({ text: subprotocol || 'none', tone: 'quiet' }) },
      { head: 'Connection', cell: ({ connectionId }) => ({ text: connectionId, title: connectionId }) },
    ],
    empty: 'Nobody is connected.',
    isTall: true,
  });
  const groups = addTable<Hub['groups'][number] & { hub: string }>(section, 'Groups', {
    columns: [
      { head: 'Name', cell: ({ name }) => name },
      { head: 'Hub', cell: ({ hub }) => hub },
      { head: 'Size', isNumber: true, cell: ({ members }) => number(members.length) },
      { head: 'Members', cell: ({ members }) => ({ text: names(members), title: names(members) }) },
    ],
    empty: 'There are no groups.',
    isTall: true,
  });
  const recent = addTable<NonNullable<WebPubSubStatus['recent']>[number]>(section, 'Latest traffic', {
    columns: [
      { head: 'Time', cell: (each) => ({ text: time(each.time), title: each.time }) },
      { head: 'Operation', cell: ({ operation }) => operation },
      { head: 'Whom', cell: ({ target }) => target },
      { head: 'Details', cell: ({ detail = '' }) => ({ text: detail, tone: 'quiet', title: detail }) },
    ],
    empty: 'Nothing has been sent yet.',
    isTall: true,
  });
  return ({ hubs, recent: latest = [] }) => {
    const everybody = hubs.flatMap((hub) => hub.connections.map((each) => ({ ...each, hub: hub.name })));
    const together = hubs.flatMap((hub) => hub.groups.map((each) => ({ ...each, hub: hub.name })));
    connections(everybody);
    groups(together);
    recent(latest);
    return `${count(hubs.length, 'hub')}, ${count(everybody.length, 'connection')}, ${count(together.length, 'group')}`;
  };
}

function names(members: { connectionId: string; userId?: string }[]): string {
  const named = members.slice(0, namedMembers).map(({ connectionId, userId }) => userId ?? connectionId);
  const more = members.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${number(more)} more` : '');
}
