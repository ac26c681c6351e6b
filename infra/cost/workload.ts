/** How a deployment is used in a month, and the operations that this comes to. */
import { measured } from './measured.ts';
import { eachOperation, type Operations } from './operations.ts';
import { limits } from './prices.ts';

export const days = 30;

export interface Workload {
  /** Connections at the busiest moment. */
  people: number;
  /** Chat messages in a month. */
  messages: number;
  /** Connections that a message goes to, the sender's own included; never more than `people`. */
  audience: number;
  /** Of the audience, the share that has the room on the screen, so that the page says how far they have read. */
  watching: number;
  /** Bytes of a message's text. */
  bytes: number;
  /** Messages of a room that are sent together, and so share a transaction, an announcement and a frame; 1 to 49. */
  batch: number;
  /** Hours of a day over which messages come evenly. */
  hours: number;
  /** How often a person opens the page in a day. */
  visits: number;
  /** Months for which messages have been kept. */
  months: number;
}

export const usual: Workload = {
  people: 20,
  messages: 100_000,
  audience: 10,
  watching: 0.3,
  bytes: 200,
  batch: 1,
  hours: 10,
  visits: 5,
  months: 12,
};

/** Throws `RangeError` with a sentence where the numbers are no workload. */
export function checkWorkload(workload: Workload): void {
  for (const [name, value] of Object.entries(workload) as [string, number][]) {
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`${name} must be a number, 0 or more.`);
  }
  const { batch, hours, watching } = workload;
  if (batch < 1 || batch > 49) throw new RangeError('batch must be 1 to 49: a transaction takes no more.');
  if (hours <= 0 || hours > 24) throw new RangeError('hours must be more than 0 and at most 24.');
  if (watching > 1) throw new RangeError('watching is a share: 0 to 1.');
}

export interface Volumes extends Operations {
  /** Web PubSub messages of 2 KB that are billed: frames to people, and events. */
  webPubSubMessages: number;
  /** Runs of timers. */
  timerRuns: number;
  /** Moments at which HTTP functions, and the router, have something to do. */
  httpMoments: number;
  routeMoments: number;
  /** Bytes of messages that the tables hold. */
  storedBytes: number;
}

/** Every 30 seconds, and every ten minutes: functions/intents/sweep.ts. */
const sweeps = days * 24 * 120;
const prunes = days * 24 * 6;

/** Of two rows without the text: keys, names and values of properties by Azure's formula, two bytes a character. */
const rowBytes = 800;
/** What Service Bus counts as one operation. */
const busBytes = 64 * 1_024;

/** What a month comes to, without anything included or rounded. */
export function volumesOf(workload: Workload): Volumes {
  const { people, messages, watching, bytes, batch, visits, months } = workload;
  const audience = Math.min(workload.audience, people);
  const visitCount = people * visits * days;
  // A page says at most once a second how far it has read: once for what was sent together.
  const reads = (messages / batch) * audience * watching;
  const message = perMessage(batch);
  const frameBytes = batch * (bytes + measured.envelope);
  const framesEach = Math.ceil(frameBytes / limits.messageBytes) / batch;
  // One that is too large for an operation is charged as several.
  const busCharge = Math.ceil(frameBytes / busBytes);
  const timers = eachOperation((name) => measured.sweep[name] * sweeps + measured.prune[name] * prunes);
  const total = eachOperation(
    (name) =>
      timers[name] +
      measured.visit[name] * visitCount +
      measured.read[name] * reads +
      message[name] * messages,
  );
  return {
    ...total,
    busSent: total.busSent + message.busSent * messages * (busCharge - 1),
    busReceived: total.busReceived + message.busReceived * messages * (busCharge - 1),
    webPubSubMessages:
      messages * audience * framesEach + reads * measured.read.frames + visitCount * measured.visit.events,
    timerRuns: sweeps + prunes,
    httpMoments: (messages / batch) * (1 + Math.min(1, audience * watching)) + visitCount * visitMoments,
    routeMoments: messages / batch,
    storedBytes: messages * months * (rowBytes + 2 * bytes),
  };
}

/** A visit opens, and closes later: two moments. */
const visitMoments = 2;

/**
 * What one of `batch` messages costs. Some of it is paid once for all of them, some for each: two measurements, of one
 * message alone and of a burst, say which. Never more than alone.
 */
export function perMessage(batch: number): Operations {
  const { idle, burst, burstBatch } = measured;
  return eachOperation((name) => {
    const shared = (idle[name] - burst[name]) / (1 - 1 / burstBatch);
    const once = Math.min(idle[name], Math.max(0, shared));
    return idle[name] - once + once / batch;
  });
}
