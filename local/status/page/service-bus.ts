/** What the Service Bus program tells (`GET /status`), and how the page shows it. */
import { addTable, type Cell } from './table.ts';
import { count, number, time } from './words.ts';

interface Counts {
  name: string;
  active: number;
  scheduled: number;
  deferred: number;
  deadLettered: number;
}

export interface ServiceBusStatus {
  queues: Counts[];
  topics: { name: string; subscriptions: Counts[] }[];
  /** Open connections of clients. */
  connections?: number;
  /** Newest first. */
  recent?: { time: string; operation: string; entity: string; detail?: string }[];
}

interface Row extends Counts {
  kind: 'Queue' | 'Subscription';
  topic?: string;
}

/** Prepares the section; answers what writes a status into it and sums it up in a few words. */
export function serviceBusSection(section: HTMLElement): (status: ServiceBusStatus) => string {
  const entities = addTable<Row>(section, 'Queues and subscriptions', {
    columns: [
      { head: 'Name', cell: ({ name, topic }) => (topic === undefined ? name : `${topic} › ${name}`) },
      { head: 'Kind', cell: ({ kind }) => ({ text: kind, tone: 'quiet' }) },
      { head: 'Waiting', isNumber: true, cell: ({ active }) => countCell(active, 'wait') },
      { head: 'Scheduled', isNumber: true, cell: ({ scheduled }) => countCell(scheduled) },
      { head: 'Deferred', isNumber: true, cell: ({ deferred }) => countCell(deferred) },
      { head: 'Dead letters', isNumber: true, cell: ({ deadLettered }) => countCell(deadLettered, 'bad') },
    ],
    empty: 'The namespace has no queues and no subscriptions.',
  });
  const recent = addTable<NonNullable<ServiceBusStatus['recent']>[number]>(section, 'Latest traffic', {
    columns: [
      { head: 'Time', cell: (each) => ({ text: time(each.time), title: each.time }) },
      { head: 'Operation', cell: ({ operation }) => operation },
      { head: 'Entity', cell: ({ entity }) => entity },
      { head: 'Details', cell: ({ detail = '' }) => ({ text: detail, tone: 'quiet', title: detail }) },
    ],
    empty: 'Nothing has been sent or received yet.',
    isTall: true,
  });
  return ({ queues, topics, connections, recent: latest = [] }) => {
    const rows = [
      ...queues.map((queue): Row => ({ ...queue, kind: 'Queue' })),
      ...topics.flatMap((topic) =>
        topic.subscriptions.map((each): Row => ({ ...each, kind: 'Subscription', topic: topic.name })),
      ),
    ];
    entities(rows);
    recent(latest);
    const dead = rows.reduce((sum, { deadLettered }) => sum + deadLettered, 0);
    const words = [
      count(queues.length, 'queue'),
      count(topics.length, 'topic'),
      ...(connections === undefined ? [] : [count(connections, 'connection')]),
      dead === 0 ? 'no dead letters' : count(dead, 'dead letter'),
    ];
    return words.join(', ');
  };
}

function countCell(value: number, tone?: Cell['tone']): Cell {
  return { text: number(value), tone: value === 0 ? 'quiet' : tone };
}
