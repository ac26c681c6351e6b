/**
 * How much one person may do in a while: token buckets in a table that every instance sees. An instance takes several
 * tokens at once out of a bucket and spends them from memory, so that a busy person costs the storage little.
 */
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { settings } from '../platform/settings.ts';
import { WriteConflict } from '../platform/tables.ts';
import { readBucket, writeBucket } from './store.ts';

interface Rate {
  /** Tokens in a full bucket: so much may be done at once. */
  most: number;
  perSecond: number;
  /** Tokens that an instance takes at a time. */
  lease: number;
  /** What one does too often, for the refusal. */
  words: string;
}

const rates = {
  publish: { most: 120, perSecond: 10, lease: 20, words: 'You send messages' },
  create_room: { most: 60, perSecond: 1 / 30, lease: 1, words: 'You create rooms' },
  join: { most: 120, perSecond: 1, lease: 5, words: 'You join rooms' },
  invite: { most: 60, perSecond: 1 / 10, lease: 1, words: 'You invite people' },
  find_people: { most: 60, perSecond: 2, lease: 10, words: 'You look for people' },
  /** By account, and by who changes a password: each costs a guess. */
  sign_in: { most: 10, perSecond: 1 / 30, lease: 1, words: 'Somebody signs in to this account' },
  /** By address, over all accounts: many people may share one. */
  sign_in_address: { most: 50, perSecond: 1 / 3, lease: 1, words: 'People at your address sign in' },
  register_address: { most: 30, perSecond: 1 / 60, lease: 1, words: 'People at your address register' },
} as const satisfies Record<string, Rate>;

export type Limited = keyof typeof rates;

/** What this instance has taken out of buckets and not spent. More keys than `mostLeases`, and the oldest are lost. */
const leases = new Map<string, number>();
const mostLeases = 10_000;
const underway = new Map<string, Promise<void>>();

/**
 * Takes a token of `subject` (a user id, or what stands for an account or an address) for one act. Throws
 * `too_many_requests` with the seconds until there is one.
 */
export async function take(subject: string, what: Limited): Promise<void> {
  if (settings().LIMITS === 'off') return;
  const key = `${what} ${subject}`;
  for (;;) {
    const left = leases.get(key) ?? 0;
    if (left >= 1) {
      leases.set(key, left - 1);
      return;
    }
    leases.delete(key);
    const others = underway.get(key);
    // All who wait are refused together; else they share what was got, and whoever comes too late asks again.
    if (others) await others;
    else await getLease(key, subject, what);
  }
}

async function getLease(key: string, subject: string, what: Limited): Promise<void> {
  const getting = lease(subject, what).then((count) => {
    leases.set(key, count);
    for (const oldest of leases.keys()) {
      if (leases.size <= mostLeases) break;
      leases.delete(oldest);
    }
  });
  underway.set(key, getting);
  try {
    await getting;
  } finally {
    underway.delete(key);
  }
}

/** Takes as many tokens out of the bucket as a lease holds, or as there are. Throws `too_many_requests`. */
async function lease(subject: string, what: Limited): Promise<number> {
  const rate: Rate = rates[what];
  for (let attempt = 0; ; attempt += 1) {
    const known = await readBucket(subject, what);
    const then = known ? Date.parse(known.at) : 0;
    // Clocks of instances differ: time never runs backwards in a bucket.
    const now = Math.max(clock.now().getTime(), then);
    const refilled = (known?.tokens ?? rate.most) + ((now - then) / 1_000) * rate.perSecond;
    const tokens = known ? Math.min(rate.most, refilled) : rate.most;
    if (tokens < 1) throw tooMany(rate, (1 - tokens) / rate.perSecond);
    const count = Math.min(rate.lease, Math.floor(tokens));
    try {
      const at = new Date(now).toISOString();
      await writeBucket({ subject, limit: what }, { tokens: tokens - count, at }, known);
      return count;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      await clock.wait(clock.random() * Math.min(1_000, 20 * 2 ** attempt));
    }
  }
}

function tooMany(rate: Rate, seconds: number): ProblemError {
  const wait = Math.max(1, Math.ceil(seconds));
  const detail = `${rate.words} too often. Try again in ${wait} ${wait === 1 ? 'second' : 'seconds'}.`;
  return new ProblemError('too_many_requests', detail, { retryAfterSeconds: wait });
}
