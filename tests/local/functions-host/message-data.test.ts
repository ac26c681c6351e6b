/** Messages as functions see them, case by case; service-bus.test.ts sends real ones. */
import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { describe, expect, it } from 'vitest';
import {
  batchMetadataOf,
  bodyData,
  metadataOf,
} from '../../../local/functions-host/service-bus/message-data.ts';

const message = (fields: Partial<ServiceBusReceivedMessage>): ServiceBusReceivedMessage =>
  fields as ServiceBusReceivedMessage;
const metadata = (fields: Partial<ServiceBusReceivedMessage>, body = ''): Record<string, unknown> =>
  metadataOf(message(fields), { string: body });

describe('a body', () => {
  it.each([
    ['bytes', Buffer.from('{"a":1}'), '{"a":1}'],
    ['an AMQP text', 'text', 'text'],
    ['an AMQP value', { a: 1 }, '{"a":1}'],
    ['nothing', undefined, ''],
  ])('of %s is text', (_, body, text) => {
    expect(bodyData(message({ body }), false)).toEqual({ string: text });
  });

  it('is bytes where the binding says so', () => {
    expect(bodyData(message({ body: Buffer.from([0, 255]) }), true)).toEqual({
      bytes: Buffer.from([0, 255]),
    });
  });
});

describe('metadata', () => {
  it('has text as text, and all else as JSON', () => {
    const enqueuedTimeUtc = new Date('2026-11-23T10:00:00.500Z');
    expect(metadata({ messageId: 7, deliveryCount: 2, enqueuedTimeUtc, sessionId: 's' })).toMatchObject({
      MessageId: { string: '7' },
      SessionId: { string: 's' },
      DeliveryCount: { json: '3' },
      EnqueuedTimeUtc: { json: '"2026-11-23T10:00:00.500Z"' },
      EnqueuedTime: { json: '"2026-11-23T10:00:00.500+00:00"' },
    });
  });

  it('leaves out what the message does not have', () => {
    expect(Object.keys(metadata({}))).toEqual([
      'DeliveryCount',
      'SequenceNumber',
      'ApplicationProperties',
      'UserProperties',
    ]);
  });

  it('has bytes among the properties in base64, and dates as text', () => {
    const applicationProperties = { bytes: Buffer.from('hi') as never, date: new Date(0) };
    expect(metadata({ applicationProperties })['ApplicationProperties']).toEqual({
      json: '{"bytes":"aGk=","date":"1970-01-01T00:00:00.000Z"}',
    });
  });

  it('has the members of a JSON object body but for lists and nulls, and nothing of other bodies', () => {
    const fields = metadata(
      { subject: 'header' },
      '{"Subject":"body","n":1,"o":{"p":2},"list":[1],"none":null}',
    );
    expect(fields).toMatchObject({ Subject: { string: 'body' }, n: { json: '1' }, o: { json: '{"p":2}' } });
    expect(fields).not.toHaveProperty('list');
    expect(fields).not.toHaveProperty('none');
    for (const body of ['[{"a":1}]', '{broken', '"text"']) expect(metadata({}, body)).not.toHaveProperty('a');
  });

  it('of a batch has a list for each name; a list of texts is without what is missing', () => {
    const lists = batchMetadataOf([
      message({ messageId: 'a', subject: 'x', applicationProperties: { n: 1 } }),
      message({ messageId: 'b', deliveryCount: 1 }),
    ]);
    expect(lists).toMatchObject({
      MessageIdArray: { collectionString: { string: ['a', 'b'] } },
      SubjectArray: { collectionString: { string: ['x'] } },
      DeliveryCountArray: { json: '[1,2]' },
      ApplicationPropertiesArray: { json: '[{"n":1},{}]' },
    });
  });
});
