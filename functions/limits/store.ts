/** Table `limits`: by whom or what is limited a row for each limit, with what is left of it. */
import { escapeKey } from '../platform/keys.ts';
import { readRow, write, type Row } from '../platform/tables.ts';

export interface BucketRow {
  tokens: number;
  /** ISO 8601: when there were so many. */
  at: string;
}
export type StoredBucket = Row<BucketRow>;

export function readBucket(subject: string, limit: string): Promise<StoredBucket | undefined> {
  return readRow<BucketRow>('limits', escapeKey(subject), limit);
}

/** Stores a new bucket, or one in the place of `known`. Throws `WriteConflict` where another was faster. */
export async function writeBucket(
  keys: { subject: string; limit: string },
  bucket: BucketRow,
  known: StoredBucket | undefined,
): Promise<void> {
  const row = { partitionKey: escapeKey(keys.subject), rowKey: keys.limit, ...bucket };
  await write('limits', known ? { type: 'replace', row, etag: known.etag } : { type: 'insert', row });
}
