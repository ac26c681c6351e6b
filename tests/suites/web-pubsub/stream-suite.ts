/** What `@azure/web-pubsub-client` 1.1 may expect of streams to a group. */
import type { GroupStreamMessage, WebPubSubClient } from '@azure/web-pubsub-client';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { Clients, fresh, type Target } from './target.ts';

/** What a client has seen of one stream. */
interface Seen {
  data: unknown[];
  numbers: number[];
  end: 'open' | 'done' | { name: string; message?: string; userErrorCode?: string };
}

/** Reads every stream that the client receives, by its id. */
function readStreams(client: WebPubSubClient): Map<string, Seen> {
  const streams = new Map<string, Seen>();
  client.onGroupStream((stream) => {
    const seen: Seen = { data: [], numbers: [], end: 'open' };
    streams.set(stream.streamId, seen);
    void (async () => {
      try {
        for await (const message of stream as AsyncIterable<GroupStreamMessage>) {
          seen.data.push(message.data);
          seen.numbers.push(message.stream.streamSequenceId);
        }
        seen.end = 'done';
      } catch (error) {
        seen.end = error as { name: string };
      }
    })();
  });
  return streams;
}

export function streamSuite(target: () => Target): void {
  describe('a stream to a group', () => {
    const clients = new Clients(target);
    afterEach(() => clients.closeAll());
    const ended = (streams: Map<string, Seen>, id: string): Promise<Seen> =>
      until(
        () => {
          const seen = streams.get(id);
          return seen && seen.end !== 'open' ? seen : undefined;
        },
        { what: `the end of stream ${id}` },
      );

    it('reaches every member in order, of any type of data, and ends', async () => {
      const group = fresh('group');
      const [sender, reader] = [await clients.connect(), await clients.connect({ groups: [group] })];
      const streams = readStreams(reader.client);
      const stream = await sender.client.openGroupStream(group);
      const bytes = new Uint8Array([1, 2]).buffer;
      await stream.write('one', 'text');
      await stream.write({ two: 2 }, 'json');
      await stream.write(bytes, 'binary');
      await stream.end();
      expect(await ended(streams, stream.streamId)).toEqual({
        data: ['one', { two: 2 }, bytes],
        numbers: [1, 2, 3],
        end: 'done',
      });
    });

    it('may be one of several at a time', async () => {
      const group = fresh('group');
      const [sender, reader] = [await clients.connect(), await clients.connect({ groups: [group] })];
      const streams = readStreams(reader.client);
      const [one, two] = [
        await sender.client.openGroupStream(group),
        await sender.client.openGroupStream(group),
      ];
      for (let number = 1; number <= 50; number += 1) {
        await one.write(`one ${number}`, 'text');
        await two.write(`two ${number}`, 'text');
      }
      await Promise.all([one.end(), two.end()]);
      for (const [name, { streamId }] of Object.entries({ one, two })) {
        const { data } = await ended(streams, streamId);
        expect(data).toEqual(Array.from({ length: 50 }, (_, index) => `${name} ${index + 1}`));
      }
    });

    it('tells its receivers why it was broken off', async () => {
      const group = fresh('group');
      const [sender, reader] = [await clients.connect(), await clients.connect({ groups: [group] })];
      const streams = readStreams(reader.client);
      const stream = await sender.client.openGroupStream(group);
      await stream.write('begun', 'text');
      await stream.abort({ message: 'no more', userErrorCode: 'E42' });
      const { data, end } = await ended(streams, stream.streamId);
      expect(data).toEqual(['begun']);
      expect(end).toMatchObject({ message: 'no more', userErrorCode: 'E42' });
    });

    it('is not opened without the right to send to the group', async () => {
      const { client } = await clients.connect({ roles: [] });
      await expect(client.openGroupStream(fresh('group'))).rejects.toMatchObject({ name: 'Forbidden' });
    });

    it('ends for both sides when it has been silent too long', async () => {
      const group = fresh('group');
      const [sender, reader] = [await clients.connect(), await clients.connect({ groups: [group] })];
      const streams = readStreams(reader.client);
      const stream = await sender.client.openGroupStream(group, { idleTimeoutInMs: 1_000 });
      const failure = new Promise<{ name: string }>((done) => stream.onError(done));
      await stream.write('then nothing', 'text');
      expect(await failure).toMatchObject({ name: 'IdleTimeout' });
      expect((await ended(streams, stream.streamId)).end).toMatchObject({ name: 'IdleTimeout' });
    });

    it('is not echoed to a member who asks for no echo', async () => {
      const group = fresh('group');
      const [sender, reader] = [
        await clients.connect({ groups: [group] }),
        await clients.connect({ groups: [group] }),
      ];
      const stream = await sender.client.openGroupStream(group, { noEcho: true });
      await stream.write('silent', 'text');
      await stream.end();
      await sender.client.sendToGroup(group, 'loud', 'text');
      await until(() => reader.received.includes('loud') && sender.received.length > 0);
      expect(sender.received).toEqual(['loud']);
      expect(reader.received[0]).toBe('silent');
    });
  });
}
