/** What `@azure/web-pubsub-client` may expect: groups, publishing, acknowledgements, rights, idempotency. */
import {
  SendMessageError,
  WebPubSubJsonProtocol,
  WebPubSubJsonReliableProtocol,
} from '@azure/web-pubsub-client';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { Clients, fresh, serviceClient, type Target } from './target.ts';

const protocols = {
  'json.webpubsub.azure.v1': WebPubSubJsonProtocol,
  'json.reliable.webpubsub.azure.v1': WebPubSubJsonReliableProtocol,
};

export function clientSuite(target: () => Target): void {
  describe.each(Object.entries(protocols))('a client of %s', (_name, protocol) => {
    const clients = new Clients(target);
    const connect = (needs: Parameters<Clients['connect']>[0] = {}) =>
      clients.connect({ ...needs, client: { protocol: protocol() } });
    afterEach(() => clients.closeAll());

    it('learns its connection id and its user when it connects', async () => {
      const { connectionId } = await connect({ userId: fresh('user') });
      expect(connectionId).not.toBe('');
      expect(await serviceClient(target()).connectionExists(connectionId)).toBe(true);
    });

    it('publishes to a group, and every member receives it in order', async () => {
      const group = fresh('group');
      const [sender, reader] = [await connect({ userId: 'ann' }), await connect()];
      await reader.client.joinGroup(group);
      for (let number = 1; number <= 20; number += 1) {
        await sender.client.sendToGroup(group, { number }, 'json', { fireAndForget: number < 20 });
      }
      await until(() => reader.received.length === 20, { what: 'all twenty' });
      expect(reader.received).toEqual(Array.from({ length: 20 }, (_, index) => ({ number: index + 1 })));
      expect(sender.received).toEqual([]);
    });

    it('carries text, JSON and binary data unchanged', async () => {
      const group = fresh('group');
      const { client, received } = await connect({ groups: [group] });
      const bytes = new Uint8Array([0, 1, 254, 255]).buffer;
      await client.sendToGroup(group, 'Grüße, 世界 "quoted"', 'text');
      await client.sendToGroup(group, { deep: [1, null, 'x'] }, 'json');
      await client.sendToGroup(group, bytes, 'binary');
      await until(() => received.length === 3);
      expect(received).toEqual(['Grüße, 世界 "quoted"', { deep: [1, null, 'x'] }, bytes]);
    });

    it('says who published and to which group', async () => {
      const group = fresh('group');
      const { client } = await connect({ userId: 'bob', groups: [group] });
      const message = new Promise<{ group: string; fromUserId: string }>((done) =>
        client.on('group-message', (event) => done(event.message)),
      );
      await client.sendToGroup(group, 'hello', 'text');
      expect(await message).toMatchObject({ group, fromUserId: 'bob', dataType: 'text' });
    });

    it('receives its own messages unless it asks for no echo', async () => {
      const group = fresh('group');
      const { client, received } = await connect({ groups: [group] });
      await client.sendToGroup(group, 'silent', 'text', { noEcho: true });
      await client.sendToGroup(group, 'loud', 'text');
      await until(() => received.length > 0);
      expect(received).toEqual(['loud']);
    });

    it('receives nothing more from a group that it has left', async () => {
      const [left, stayed] = [fresh('left'), fresh('stayed')];
      const { client, received } = await connect({ groups: [left, stayed] });
      await client.leaveGroup(left);
      await serviceClient(target()).group(left).sendToAll('no');
      await serviceClient(target()).group(stayed).sendToAll('yes');
      await until(() => received.length > 0);
      expect(received).toEqual(['yes']);
    });

    it('is refused what its roles do not allow', async () => {
      const { client } = await connect({ roles: ['webpubsub.joinLeaveGroup.mine'] });
      await client.joinGroup('mine');
      for (const attempt of [client.joinGroup('other'), client.sendToGroup('mine', 'x', 'text')]) {
        const error: unknown = await attempt.catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(SendMessageError);
        expect((error as SendMessageError).errorDetail?.name).toBe('Forbidden');
      }
    });

    it('is told of a repeated acknowledgement id, and the message is not sent twice', async () => {
      const group = fresh('group');
      const { client, received } = await connect({ groups: [group] });
      const first = await client.sendToGroup(group, 'once', 'text', { ackId: 4711 });
      const second = await client.sendToGroup(group, 'once', 'text', { ackId: 4711 });
      await client.sendToGroup(group, 'end', 'text');
      await until(() => received.includes('end'));
      expect([first.isDuplicated, second.isDuplicated]).toEqual([false, true]);
      expect(received).toEqual(['once', 'end']);
    });

    it('gets an error for an event that nobody handles, and stays connected', async () => {
      const { client, connectionId } = await connect();
      const error: unknown = await client
        .sendEvent('unknown', 'x', 'text')
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SendMessageError);
      expect(await serviceClient(target()).connectionExists(connectionId)).toBe(true);
    });
  });
}
