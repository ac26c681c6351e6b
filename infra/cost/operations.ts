/** What our code asks of the services that bill by the operation, for one thing that a person does. */
export interface Operations {
  /** Service Bus messages sent, and received: each is an operation. */
  busSent: number;
  busReceived: number;
  /** A transaction of several rows is one. */
  tableRequests: number;
  /** Rows written and read. */
  tableEntities: number;
  /** Frames that one person's own connection gets because of it, in units of 2 KB. */
  frames: number;
  /** Events that Web PubSub pushes to the webhook. */
  events: number;
  /** Runs of functions started by HTTP, events included, and of the router. */
  httpRuns: number;
  routeRuns: number;
}

export const operationNames = [
  'busSent',
  'busReceived',
  'tableRequests',
  'tableEntities',
  'frames',
  'events',
  'httpRuns',
  'routeRuns',
] as const satisfies (keyof Operations)[];

/** A new record whose every value `value` computes from its name. */
export function eachOperation(value: (name: keyof Operations) => number): Operations {
  return Object.fromEntries(operationNames.map((name) => [name, value(name)])) as unknown as Operations;
}

export interface Measurement {
  /** When, as `YYYY-MM-DD`, and of how many messages. */
  date: string;
  messages: number;
  /** A message alone, from somebody who has not written for a while. */
  idle: Operations;
  /** A message of a burst, and how many of them went in one transaction, announcement and frame. */
  burst: Operations;
  burstBatch: number;
  /** One person's page says how far its person has read. */
  read: Operations;
  /** A page opens, connects, loads its rooms and one room's newest messages, and closes. */
  visit: Operations;
  /** A run of the timer `sweep`, and of `prune`, with nothing to do. */
  sweep: Operations;
  prune: Operations;
  /** Bytes around a message's text in a frame. */
  envelope: number;
}
