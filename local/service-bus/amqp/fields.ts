/** The fields of a request's body, read as what an operation needs, or refused with the field's name. */
import type { Typed } from 'rhea';
import { Refusal } from '../broker/refusal.ts';
import { plain } from './codec.ts';
import { entriesOf } from './encoded-message.ts';

export type Fields = Map<string, Typed>;

export function text(fields: Fields, name: string): string {
  const value = plain(fields.get(name));
  if (typeof value !== 'string') throw wrongField(name, 'text');
  return value;
}

export function wholeNumber(fields: Fields, name: string, otherwise?: number): number {
  const value = plain(fields.get(name)) ?? otherwise;
  if (!Number.isSafeInteger(value)) throw wrongField(name, 'a whole number');
  return value as number;
}

export function wholeNumbers(fields: Fields, name: string): number[] {
  const values = plain(fields.get(name));
  if (!Array.isArray(values) || !values.every((each) => Number.isSafeInteger(each))) {
    throw wrongField(name, 'an array of whole numbers');
  }
  return values as number[];
}

/** Lock tokens, which are UUIDs in plain order here. */
export function lockTokens(fields: Fields): string[] {
  const values = plain(fields.get('lock-tokens'));
  if (!Array.isArray(values) || !values.every((each) => Buffer.isBuffer(each))) {
    throw wrongField('lock-tokens', 'an array of UUIDs');
  }
  return values.map((each: Buffer) => each.toString('hex'));
}

/** The encoded messages of a request to schedule. */
export function encodedMessages(fields: Fields): Uint8Array[] {
  const items: unknown = fields.get('messages')?.value;
  const values = Array.isArray(items)
    ? items.map((item) => plain(entriesOf(item as Typed).get('message')))
    : [undefined];
  if (!values.every((each) => each instanceof Uint8Array)) {
    throw wrongField('messages', 'a list of maps with the binary "message"');
  }
  return values;
}

function wrongField(name: string, wanted: string): Refusal {
  return new Refusal('invalid-argument', `The request's "${name}" is not ${wanted}.`);
}
