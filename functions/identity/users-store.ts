/** Table `users`: a row for each person who is more than a guest with a token, and one for each OpenID subject. */
import { createHash } from 'node:crypto';
import type { UserKind } from '../../contract/identity.ts';
import { readRow, write, WriteConflict, type Row } from '../platform/tables.ts';

export interface UserRow {
  kind: UserKind;
  name: string;
  avatar: string;
  status: string;
  /** `deactivated` by an operator, who may take it back; `deleted` by the person, for ever. */
  state: 'active' | 'deactivated' | 'deleted';
  /** Rises when everything that was issued to this person before is to end. */
  generation: number;
  /** Sessions that ended while their last access token was still good, as JSON: id and ISO 8601 time. */
  ended_sessions: string;
  created_at: string;
  /** Of an account, as it is compared. */
  email?: string;
  /** Of an account: a PHC string. */
  password?: string;
  /** Of who comes from a provider: the key of the subject's row. */
  subject?: string;
}
export type StoredUser = Row<UserRow>;

const rowKey = 'user';

export function readUserRow(userId: string): Promise<StoredUser | undefined> {
  return readRow<UserRow>('users', userId, rowKey);
}

/** Throws `WriteConflict` where there is one. */
export async function insertUser(userId: string, row: UserRow): Promise<void> {
  await write('users', { type: 'insert', row: { partitionKey: userId, rowKey, ...row } });
}

/** Replaces the row as it was read. Throws `WriteConflict` where it changed. */
export async function replaceUser(known: StoredUser, row: UserRow): Promise<void> {
  const { partitionKey, etag } = known;
  await write('users', { type: 'replace', etag, row: { partitionKey, rowKey, ...row } });
}

/** Who somebody is that a provider vouches for. */
export interface SubjectRow {
  user_id: string;
  /** Hashes of the tokens that signed them in and have not ended, as JSON, each with the second of its end. */
  used_tokens: string;
}
export type StoredSubject = Row<SubjectRow>;

/** The key of a subject, whatever its form: providers choose their own. */
export const subjectKey = (provider: string, issuer: string, subject: string): string =>
  `subject_${createHash('sha256')
    .update(JSON.stringify([provider, issuer, subject]))
    .digest('hex')}`;

export function readSubject(key: string): Promise<StoredSubject | undefined> {
  return readRow<SubjectRow>('users', key, 'subject');
}

/** Stores a new subject, or one in the place of `known`. Throws `WriteConflict` where another was faster. */
export async function writeSubject(
  key: string,
  row: SubjectRow,
  known: StoredSubject | undefined,
): Promise<void> {
  const values = { partitionKey: key, rowKey: 'subject', ...row };
  await write(
    'users',
    known ? { type: 'replace', row: values, etag: known.etag } : { type: 'insert', row: values },
  );
}

export async function deleteSubject(key: string): Promise<void> {
  try {
    await write('users', { type: 'delete', etag: '*', row: { partitionKey: key, rowKey: 'subject' } });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}
