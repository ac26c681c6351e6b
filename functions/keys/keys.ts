/**
 * API keys: how a service proves in its calls which it is. A key is good for the rooms and calls that it was made for,
 * as long as who made it is here and moderates the room, and writes while they may write. Only its hash is stored.
 */
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'uuid';
import type * as z from 'zod/mini';
import type { ApiKey, createdKey, createKeyBody, KeyCall } from '../../contract/identity.ts';
import type { Principal } from '../identity/principal.ts';
import { recentUser } from '../identity/users.ts';
import { requireMember, type Access } from '../membership/access.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { Recent } from '../platform/recent.ts';
import { settings } from '../platform/settings.ts';
import { deleteKey, insertKey, markUsed, readKeyRow, readKeys, type StoredKey } from './store.ts';

/** By this a key is known for one, by us and by whoever looks for secrets in code. */
const mark = 'hbk_';
const shownCharacters = 12;
/** So many rows fit one page, and nobody needs them. */
const mostKeys = 100;

interface KeyText {
  text: string;
  ownerId: string;
  keyId: string;
}

/** Whose key it is, after its id, so that the first characters tell keys apart; then 256 random bits. */
function newKey(ownerId: string): KeyText {
  const keyId = randomUUID();
  const bytes = Buffer.concat([parse(keyId), parse(ownerId), randomBytes(32)]);
  return { text: mark + bytes.toString('base64url'), ownerId, keyId };
}

function parseKey(text: string): KeyText | undefined {
  if (!text.startsWith(mark)) return undefined;
  const bytes = Buffer.from(text.slice(mark.length), 'base64url');
  if (bytes.length !== 64 || mark + bytes.toString('base64url') !== text) return undefined;
  try {
    return { text, keyId: stringify(bytes.subarray(0, 16)), ownerId: stringify(bytes.subarray(16, 32)) };
  } catch {
    return undefined;
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const recent = new Recent(
  (path: string) => {
    const [ownerId = '', keyId = ''] = path.split('/');
    return readKeyRow(ownerId, keyId);
  },
  () => settings().ACCESS_CACHE_SECONDS,
);

/** The service that a key stands for; undefined where it is none of ours, ended, or its maker is no longer here. */
export async function readKey(text: string): Promise<Principal | undefined> {
  const key = parseKey(text);
  if (!key) return undefined;
  const { ownerId, keyId } = key;
  const [row, owner] = await Promise.all([recent.get(`${ownerId}/${keyId}`), recentUser(ownerId)]);
  if (!row || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hashOf(text)))) return undefined;
  const now = clock.now().toISOString();
  if ((row.expires_at !== '' && row.expires_at <= now) || owner?.state !== 'active') return undefined;
  await noteUse(row, now);
  const calls = JSON.parse(row.calls) as KeyCall[];
  return {
    user_id: `service:${keyId}`,
    name: row.name,
    kind: 'service',
    scope: { ...(await moderatedRooms(row)), calls },
  };
}

/** Once an hour: who looks wants to know whether it is in use, not when to the second. */
async function noteUse(row: StoredKey, now: string): Promise<void> {
  const hour = `${now.slice(0, 13)}:00:00.000Z`;
  if (row.last_used_at >= hour) return;
  await markUsed(row, hour);
  recent.drop(`${row.partitionKey}/${row.rowKey}`);
}

/** Those of a key's rooms that its maker still moderates, and until when the maker is muted in them. */
async function moderatedRooms(row: StoredKey): Promise<Pick<Scope, 'rooms' | 'muted_until'>> {
  const maker = { user_id: row.partitionKey, name: '', kind: 'account' as const };
  const asked = (JSON.parse(row.rooms) as string[]).map(
    async (roomId) => [roomId, await moderates(maker, roomId)] as const,
  );
  const moderated = (await Promise.all(asked)).flatMap(([roomId, access]) =>
    access instanceof ProblemError ? [] : [[roomId, access.muted_until] as const],
  );
  return { rooms: moderated.map(([roomId]) => roomId), muted_until: Object.fromEntries(moderated) };
}

type Scope = NonNullable<Principal['scope']>;

/** Where somebody stands who may make keys for a room; else the refusal. */
async function moderates(person: Principal, roomId: string): Promise<Access | ProblemError> {
  try {
    return await requireMember('create_key', person, roomId);
  } catch (error) {
    if (error instanceof ProblemError && error.toProblem().status < 500) return error;
    throw error;
  }
}

/**
 * Makes a key for rooms that the caller owns or moderates. The answer is the only place where it is ever shown.
 * Throws `not_moderator`, `not_member`, `room_not_found`, `not_allowed`, `invalid` for an end that is past.
 */
export async function createKey(
  caller: Principal,
  body: z.infer<typeof createKeyBody>,
): Promise<z.infer<typeof createdKey>> {
  const { name, expires_at = '' } = body;
  const [rooms, calls] = [[...new Set(body.rooms)], [...new Set(body.calls)]];
  for (const roomId of rooms) {
    const access = await moderates(caller, roomId);
    if (access instanceof ProblemError) throw access;
  }
  const now = clock.now().toISOString();
  if (expires_at !== '' && Date.parse(expires_at) <= Date.parse(now)) {
    throw new ProblemError('invalid', 'expires_at must be in the future.', {
      errors: [{ path: 'expires_at', message: 'must be in the future' }],
    });
  }
  if ((await readKeys(caller.user_id)).length >= mostKeys) {
    throw new ProblemError('not_allowed', `You have ${mostKeys} keys. Revoke one to make another.`);
  }
  const key = newKey(caller.user_id);
  const row = {
    name,
    hash: hashOf(key.text),
    prefix: key.text.slice(0, shownCharacters),
    rooms: JSON.stringify(rooms),
    calls: JSON.stringify(calls),
    created_at: now,
    last_used_at: '',
    expires_at: expires_at === '' ? '' : new Date(expires_at).toISOString(),
  };
  await insertKey(key.ownerId, key.keyId, row);
  return { ...toKey(key.keyId, row), key: key.text };
}

function toKey(id: string, row: Omit<StoredKey, 'partitionKey' | 'rowKey' | 'etag'>): ApiKey {
  const { name, prefix, created_at, expires_at, last_used_at } = row;
  return {
    id,
    name,
    prefix,
    created_at,
    rooms: JSON.parse(row.rooms) as string[],
    calls: JSON.parse(row.calls) as KeyCall[],
    ...(expires_at !== '' && { expires_at }),
    ...(last_used_at !== '' && { last_used_at }),
  };
}

/** The caller's keys, the newest last. */
export async function listKeys(caller: Principal): Promise<ApiKey[]> {
  const rows = await readKeys(caller.user_id);
  return rows
    .toSorted((left, right) => (left.created_at < right.created_at ? -1 : 1))
    .map((row) => toKey(row.rowKey, row));
}

/** Revokes a key of the caller's. Throws `not_found`. */
export async function revokeKey(caller: Principal, keyId: string): Promise<void> {
  const isOwn = /^[\da-f-]{36}$/.test(keyId) && (await deleteKey(caller.user_id, keyId));
  recent.drop(`${caller.user_id}/${keyId}`);
  if (!isOwn) throw new ProblemError('not_found', 'You have no key with this id.');
}

/** Revokes all keys of a person who is gone. */
export async function revokeKeys(ownerId: string): Promise<void> {
  for (const { rowKey } of await readKeys(ownerId)) {
    await deleteKey(ownerId, rowKey);
    recent.drop(`${ownerId}/${rowKey}`);
  }
}
