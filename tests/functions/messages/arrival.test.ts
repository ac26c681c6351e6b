/** What came over the topic, and what it means: whatever it is, it never throws and is never taken for ours. */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../../contract/messages.ts';
import { ofMessages, toBusMessage, type Announcement } from '../../../functions/messages/announcement.ts';
import { understand, type Arrival } from '../../../functions/messages/arrival.ts';
import { newId } from '../../../functions/platform/ids.ts';

beforeAll(() => {
  process.env['WEBHOOK_CODE'] = 'a-code-for-tests-only';
  process.env['SESSION_SIGNING_KEY'] = 'a-key-for-tests-only-0123456789-0123456789';
});

const roomId = newId();

function arrivalOf(body: unknown, more: Partial<Arrival> = {}): Arrival {
  return {
    body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    contentType: undefined,
    messageId: 'id-1',
    position: '7-2026-11-23T00:00:00.000Z',
    properties: { room_id: roomId },
    ...more,
  };
}

const message = (seq: number, content = 'hello'): Message => ({
  type: 'message',
  message_id: newId(),
  seq,
  room_id: roomId,
  room_name: 'General',
  content,
  sender: newId(),
  sender_name: 'Alice',
  timestamp: new Date(0).toISOString(),
});

/** An announcement as it comes back from Service Bus. */
function announced(said: Announcement): Arrival {
  const { body, applicationProperties } = toBusMessage(said);
  return arrivalOf(body, { properties: applicationProperties as Arrival['properties'] });
}

describe('an announcement of ours', () => {
  it('carries the messages while they fit into 128 KB, and only their numbers beyond', () => {
    const small = ofMessages(roomId, [message(1), message(2)]);
    expect(understand(announced(small))).toEqual(small);
    const many = Array.from({ length: 49 }, (_, index) => message(index + 1, 'x'.repeat(4_000)));
    const large = ofMessages(roomId, many);
    expect(large).toEqual({ kind: 'messages', room_id: roomId, seqs: many.map(({ seq }) => seq) });
    expect(understand(announced(large))).toEqual(large);
  });

  it('has another message id each time it is sent, so that duplicate detection cannot swallow it', () => {
    const said = ofMessages(roomId, [message(1)]);
    expect(toBusMessage(said).messageId).not.toBe(toBusMessage(said).messageId);
  });

  it('[ISO] is believed for its numbers only, where somebody else made or changed it', () => {
    const genuine = announced(ofMessages(roomId, [message(3, 'true')]));
    const forged = Buffer.from(genuine.body.toString().replace('true', 'fake'));
    for (const signature of [genuine.properties['signature'], undefined, '', 7, 'x'.repeat(43)]) {
      const properties = { room_id: roomId, ...(signature !== undefined && { signature }) };
      expect(understand({ ...genuine, body: forged, properties })).toEqual({
        kind: 'messages',
        room_id: roomId,
        seqs: [3],
      });
    }
  });

  it('of rooms is not believed at all, where somebody else made it', () => {
    const said: Announcement = { kind: 'rooms', changes: [{ room_id: roomId, version: 3, removed: true }] };
    const genuine = announced(said);
    expect(understand(genuine)).toEqual(said);
    const { signature: _, ...unsigned } = genuine.properties;
    expect(understand({ ...genuine, properties: { ...unsigned, room_id: roomId } })).toMatchObject({
      kind: 'unroutable',
      reason: 'malformed',
    });
  });
});

describe('a message from outside', () => {
  const body = { content: 'Build 7 is green', sender: 'ci' };

  it('is kept under a sender that can never be a user', () => {
    expect(understand(arrivalOf(body))).toEqual({
      kind: 'outside',
      room_id: roomId,
      draft: { message_id: 'id-1', content: body.content, sender: 'service:ci', sender_name: 'ci' },
    });
  });

  it('without an id gets one from its place in the topic, the same at each redelivery', () => {
    const first = understand(arrivalOf(body, { messageId: undefined }));
    expect(first).toMatchObject({ draft: { message_id: 'topic-7-2026-11-23T00:00:00.000Z' } });
    expect(understand(arrivalOf(body, { messageId: undefined }))).toEqual(first);
    expect(understand(arrivalOf(body, { messageId: undefined, position: '8-x' }))).not.toEqual(first);
  });

  it('that was put off keeps its first id', () => {
    const properties = { room_id: roomId, message_id: 'first' };
    expect(understand(arrivalOf(body, { messageId: 'second', properties }))).toMatchObject({
      draft: { message_id: 'first' },
    });
  });

  it('finds its room however the UUID is written', () => {
    const properties = { room_id: roomId.toUpperCase() };
    expect(understand(arrivalOf(body, { properties }))).toMatchObject({ kind: 'outside', room_id: roomId });
  });

  it('[BAD] is unroutable without a room id, and with what is none', () => {
    expect(understand(arrivalOf(body, { properties: {} }))).toMatchObject({ reason: 'no_room_id' });
    for (const room_id of ['', 'general', 7, true, `${roomId}x`]) {
      expect(understand(arrivalOf(body, { properties: { room_id } }))).toMatchObject({ reason: 'malformed' });
    }
  });

  it('[BAD] is unroutable with an id that cannot be kept', () => {
    for (const messageId of ['a\nb', 'x'.repeat(129), '\ud800']) {
      expect(understand(arrivalOf(body, { messageId }))).toMatchObject({ reason: 'malformed' });
    }
  });

  it('[BAD] is unroutable where its body does not validate, and the reason says why', () => {
    const bad: unknown[] = [
      '',
      '{',
      '7',
      '"hello"',
      'null',
      '[]',
      {},
      { content: 'x' },
      { sender: 'x' },
      { content: '', sender: 'x' },
      { content: ' \n', sender: 'x' },
      { content: 'x'.repeat(8_001), sender: 'x' },
      { content: 'x', sender: ' ' },
      { content: 'x', sender: 'x'.repeat(129) },
      { content: 'a\u0000b', sender: 'x' },
      { content: 'x', sender: '\ud800' },
      { content: 7, sender: 'x' },
      Buffer.from([0xff, 0xfe, 0x00]),
    ];
    for (const each of bad) {
      const meaning = understand(arrivalOf(each));
      expect(meaning).toMatchObject({ kind: 'unroutable', reason: 'malformed' });
      if (meaning.kind === 'unroutable') expect(meaning.description).toMatch(/^Body: ./);
    }
  });
});

describe('[BAD] anything else', () => {
  const values = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean());
  const anything = fc.record({
    body: fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
    ),
    contentType: fc.option(fc.string(), { nil: undefined }),
    messageId: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
    position: fc.string(),
    properties: fc.oneof(
      fc.dictionary(fc.string(), values),
      fc.record({ room_id: fc.uuid(), signature: values, message_id: values }, { requiredKeys: ['room_id'] }),
    ),
  });

  it('is unroutable, and never an error', () => {
    fc.assert(
      fc.property(anything, (arrival) => {
        const meaning = understand({ ...arrival, body: Buffer.from(arrival.body) });
        expect(meaning.kind).toBe('unroutable');
      }),
      { numRuns: 500 },
    );
  });
});
