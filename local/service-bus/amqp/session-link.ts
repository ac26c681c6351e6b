/** How a client comes by a session: by its name, or the next that has messages, for which it may wait. */
import type { Sender } from 'rhea';
import type { Queue } from '../broker/queue.ts';
import { Refusal } from '../broker/refusal.ts';
import type { HeldSession } from '../broker/sessions.ts';
import { amqp } from './codec.ts';
import { ConsumerLink, type Origin } from './consumer-link.ts';
import { wireError, type WireError } from './errors.ts';
import { answerAttach, isWanted, withholdAttach } from './rhea-internals.ts';

const filterName = 'com.microsoft:session-filter';
/** Milliseconds for which a client that does not say waits for a session. */
const usualWait = 60_000;
/** A timer of Node's holds no more. */
const longestWait = 2_147_483_647;
/** From 0001 to 1970 in the ticks of .NET, which are 100 nanoseconds. */
const ticksBefore1970 = 621_355_968_000_000_000n;

/** Which session a link asks for: `null` for the next one; `undefined` where it asks for none. */
export function wantedSession(
  source: { filter?: Record<string, unknown> } | null,
): string | null | undefined {
  const filter = source?.filter;
  if (!filter || !(filterName in filter)) return undefined;
  const wanted = filter[filterName];
  // Some clients describe the value.
  const value = wanted !== null && typeof wanted === 'object' && 'value' in wanted ? wanted.value : wanted;
  return typeof value === 'string' ? value : null;
}

/** Refuses a receiver of the wrong kind: with a session where there are none, or without where they are required. */
export function checkKind({ sessions }: Queue, wanted: string | null | undefined): void {
  if (wanted === undefined && sessions) {
    throw new Refusal(
      'not-allowed',
      'It is not possible for an entity that requires sessions to create a non-sessionful message receiver.',
    );
  }
  if (wanted !== undefined && !sessions) {
    throw new Refusal(
      'not-allowed',
      'A sessionful message receiver cannot be created on an entity that does not require sessions.',
    );
  }
}

export interface SessionRequest {
  link: Sender;
  origin: Origin;
  wanted: string | null;
  /** The client has a session from now on. */
  granted: (consumer: ConsumerLink) => void;
  /** There was none in time; the link is attached by now. */
  refused: (error: WireError) => void;
}

/**
 * Locks the session of a link that was just attached. Throws a `Refusal` where a named one is locked; waits for the
 * next one as long as the client does. Answers what cancels the waiting.
 */
export function openSession({ link, origin, wanted, granted, refused }: SessionRequest): () => void {
  const sessions = origin.queue.sessions!;
  let consumer: ConsumerLink | undefined;
  const holder = { name: link.name, lost: () => consumer?.loseSession() };
  const grant = (session: HeldSession): void => {
    const { address } = link.source as { address: string };
    link.set_source({ address, filter: { [filterName]: session.id } });
    answerAttach(link, { properties: { 'com.microsoft:locked-until-utc': ticks(session.until) } });
    consumer = new ConsumerLink(link, { ...origin, session });
    granted(consumer);
  };
  if (wanted !== null) {
    grant(sessions.accept(wanted, holder));
    return () => {};
  }
  let isWaiting = false;
  let timer: NodeJS.Timeout | undefined;
  const end = (): boolean => {
    clearTimeout(timer);
    return sessions.cancelWait(holder);
  };
  sessions.acceptNext(holder, (session) => {
    clearTimeout(timer);
    if (isWaiting) link.open();
    grant(session);
  });
  if (consumer !== undefined) return () => {};
  isWaiting = true;
  withholdAttach(link);
  timer = setTimeout(() => {
    if (!end() || !isWanted(link)) return;
    link.open();
    refused(
      wireError(new Refusal('timeout', 'No session had messages in the time that the receiver waited.')),
    );
  }, waitOf(link));
  return () => {
    // What the client detaches must have been attached, or rhea has nothing to answer with.
    if (end() && isWanted(link) === false && link.connection.is_open()) link.open();
  };
}

function waitOf(link: Sender): number {
  const asked: unknown = (link.properties as Record<string, unknown> | undefined)?.['com.microsoft:timeout'];
  return typeof asked === 'number' && asked >= 0 ? Math.min(asked, longestWait) : usualWait;
}

function ticks(time: number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(time) * 10_000n + ticksBefore1970);
  return amqp.wrap_long(bytes);
}
