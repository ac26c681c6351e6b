/** Ids that we make: UUID version 7, which sorts by time as text. */
import * as crypto from 'node:crypto';

// Node 24 has it, its types do not yet.
const node = crypto as typeof crypto & { randomUUIDv7(): string };

export const newId = (): string => node.randomUUIDv7();
