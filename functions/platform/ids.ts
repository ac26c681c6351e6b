/** Ids that we make: UUID version 7, which sorts by time as text. */
import * as crypto from 'node:crypto';

const { randomUUIDv7 } = crypto as typeof crypto & { randomUUIDv7(): string };

export const newId = (): string => randomUUIDv7();
