/**
 * The full record of a run: what was sent, acknowledged, stored and shown, in the order in which it was observed. One
 * JSON object a line, so that a run can be judged again later from its file alone.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A message under its number. */
export type Numbered = [seq: number, id: string];

/** `who` is a device, `person/number`; `room` a room's id. */
export type Entry =
  /** A person is a member from `in` to `leaving`, and certainly none from `out` to `joining`. */
  | { kind: 'membership'; who: string; room: string; state: 'joining' | 'in' | 'leaving' | 'out' }
  | { kind: 'sent'; who: string; room: string; id: string; content: string }
  | { kind: 'acknowledged'; who: string; room: string; id: string; seq?: number }
  | { kind: 'refused'; who: string; room: string; id: string; code: string }
  /** What came on the screen that was not there before. */
  | { kind: 'shown'; who: string; room: string; messages: Numbered[] }
  /** Something on the screen that must never be there, in words. */
  | { kind: 'broken'; who: string; room: string; what: string }
  /** What the screen showed when all was quiet, after walking back as far as there is. */
  | { kind: 'end'; who: string; room: string; messages: Numbered[] }
  /** The history as the tables have it when all is quiet. */
  | { kind: 'stored'; room: string; head: number; messages: [...Numbered, content: string][] }
  /** The room was deleted, and nobody may have it in the end. */
  | { kind: 'deleted'; room: string }
  | { kind: 'fault'; what: string };

export class Record {
  readonly entries: Entry[] = [];

  note(entry: Entry): void {
    this.entries.push(entry);
  }

  save(path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, this.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  }
}

export const readRecord = (path: string): Entry[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
