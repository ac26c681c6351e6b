/** What `@azure/web-pubsub` may expect: every operation that version 1.2 of it calls with an access key. */
import { RestError } from '@azure/core-rest-pipeline';
import { odata } from '@azure/web-pubsub';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { Clients, fresh, serviceClient, type ConnectedClient, type Target } from './target.ts';

export function restSuite(target: () => Target): void {
  describe('the service client', () => {
    const clients = new Clients(target);
    const service = () => serviceClient(target());
    afterEach(() => clients.closeAll());

    /** A last message to everybody who is asked: what has not arrived before it does not arrive. */
    async function settle(...readers: ConnectedClient[]): Promise<void> {
      const mark = fresh('end');
      for (const { connectionId } of readers) await service().sendToConnection(connectionId, mark);
      await until(() => readers.every(({ received }) => received.includes(mark)), {
        what: 'the last message',
      });
      for (const { received } of readers) received.splice(received.indexOf(mark), 1);
    }

    it('sends to all, or to all but one', async () => {
      const [one, two] = [await clients.connect(), await clients.connect()];
      await service().sendToAll({ hello: 'all' });
      await service().sendToAll('not two', { filter: odata`connectionId ne ${two.connectionId}` });
      await settle(one, two);
      expect(one.received).toEqual([{ hello: 'all' }, 'not two']);
      expect(two.received).toEqual([{ hello: 'all' }]);
    });

    it('sends to a group, a user and a connection', async () => {
      const [group, userId] = [fresh('group'), fresh('user')];
      const [member, user, other] = [
        await clients.connect({ groups: [group] }),
        await clients.connect({ userId }),
        await clients.connect(),
      ];
      await service().group(group).sendToAll('to the group', { contentType: 'text/plain' });
      await service().sendToUser(userId, { to: 'the user' });
      await service().sendToConnection(member.connectionId, new Uint8Array([7]).buffer);
      await settle(member, user, other);
      expect(member.received).toEqual(['to the group', new Uint8Array([7]).buffer]);
      expect(user.received).toEqual([{ to: 'the user' }]);
      expect(other.received).toEqual([]);
    });

    it('sends to nobody without an error', async () => {
      await service().sendToConnection('absent', 'x');
      await service().sendToUser('absent', 'x');
      await service().group(fresh('absent')).sendToAll('x');
    });

    it('sends only to those whom a filter finds', async () => {
      const userId = fresh("o'neil");
      const [found, other] = [await clients.connect({ userId }), await clients.connect()];
      await service().sendToAll('filtered', { filter: odata`userId eq ${userId}` });
      await settle(found, other);
      expect([found.received, other.received]).toEqual([['filtered'], []]);
    });

    it('refuses a filter that is none', async () => {
      const error: unknown = await service()
        .sendToAll('x', { filter: 'userId equals 3' })
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RestError);
      expect((error as RestError).statusCode).toBe(400);
    });

    it('knows whether a connection, a user and a group are there', async () => {
      const [group, userId] = [fresh('group'), fresh('user')];
      const { connectionId } = await clients.connect({ groups: [group], userId });
      expect(await service().connectionExists(connectionId)).toBe(true);
      expect(await service().userExists(userId)).toBe(true);
      expect(await service().groupExists(group)).toBe(true);
      expect(await service().connectionExists('absent')).toBe(false);
      expect(await service().userExists(fresh('absent'))).toBe(false);
      expect(await service().groupExists(fresh('absent'))).toBe(false);
    });

    it('adds connections to a group and removes them', async () => {
      const group = fresh('group');
      const member = await clients.connect();
      await service().group(group).addConnection(member.connectionId);
      await service().group(group).sendToAll('in');
      await service().group(group).removeConnection(member.connectionId);
      await service().group(group).sendToAll('out');
      await settle(member);
      expect(member.received).toEqual(['in']);
      expect(await service().groupExists(group)).toBe(false);
    });

    it('cannot add a connection that is not there, but may remove it', async () => {
      await expect(service().group('g').addConnection('absent')).rejects.toMatchObject({ statusCode: 404 });
      await service().group('g').removeConnection('absent');
      await service().removeConnectionFromAllGroups('absent');
    });

    it("adds the connections that a user has, and not the user's later ones", async () => {
      const [group, userId] = [fresh('group'), fresh('user')];
      const early = await clients.connect({ userId });
      await service().group(group).addUser(userId);
      const late = await clients.connect({ userId });
      await service().group(group).sendToAll('x');
      await settle(early, late);
      expect([early.received, late.received]).toEqual([['x'], []]);
      await service().group(group).removeUser(userId);
      expect(await service().groupExists(group)).toBe(false);
    });

    it('takes a user and a connection out of all groups', async () => {
      const [one, two, userId] = [fresh('one'), fresh('two'), fresh('user')];
      const { connectionId } = await clients.connect({ userId, groups: [one, two] });
      await service().removeUserFromAllGroups(userId);
      expect([await service().groupExists(one), await service().groupExists(two)]).toEqual([false, false]);
      await service().group(one).addConnection(connectionId);
      await service().removeConnectionFromAllGroups(connectionId);
      expect(await service().groupExists(one)).toBe(false);
    });

    it('changes many groups of the connections that a filter finds', async () => {
      const [one, two, userId] = [fresh('one'), fresh('two'), fresh('user')];
      await clients.connect({ userId });
      await clients.connect();
      await service().addConnectionsToGroups([one, two], odata`userId eq ${userId}`);
      const members = [];
      for await (const member of await service().group(one).listConnections()) members.push(member.userId);
      expect(members).toEqual([userId]);
      expect(await service().groupExists(two)).toBe(true);
      await service().removeConnectionsFromGroups([one, two], odata`userId eq ${userId}`);
      expect([await service().groupExists(one), await service().groupExists(two)]).toEqual([false, false]);
    });

    it('empties a group', async () => {
      const [emptied, kept] = [fresh('emptied'), fresh('kept')];
      for (let count = 0; count < 3; count += 1) await clients.connect({ groups: [emptied, kept] });
      await service().removeConnectionsFromGroups([emptied], odata`${emptied} in groups`);
      expect([await service().groupExists(emptied), await service().groupExists(kept)]).toEqual([
        false,
        true,
      ]);
    });

    it("lists a group's connections page by page, each once", async () => {
      const group = fresh('group');
      const members = [];
      for (let count = 0; count < 5; count += 1) members.push(await clients.connect({ groups: [group] }));
      const listed: string[] = [];
      let pages = 0;
      const pagesOf = (await service().group(group).listConnections({ maxPageSize: 2 })).byPage();
      for await (const page of pagesOf) {
        pages += 1;
        listed.push(...page.map(({ connectionId }) => connectionId));
      }
      expect(pages).toBe(3);
      expect(listed.toSorted()).toEqual(members.map(({ connectionId }) => connectionId).toSorted());
    });

    it('grants, checks and revokes a permission of a live connection', async () => {
      const group = fresh('group');
      const { client, connectionId } = await clients.connect({ roles: [] });
      const options = { targetName: group };
      await expect(client.joinGroup(group)).rejects.toThrow();
      await service().grantPermission(connectionId, 'joinLeaveGroup', options);
      expect(await service().hasPermission(connectionId, 'joinLeaveGroup', options)).toBe(true);
      expect(await service().hasPermission(connectionId, 'sendToGroup', options)).toBe(false);
      await client.joinGroup(group);
      await service().revokePermission(connectionId, 'joinLeaveGroup', options);
      expect(await service().hasPermission(connectionId, 'joinLeaveGroup', options)).toBe(false);
      await expect(client.leaveGroup(group)).rejects.toThrow();
    });

    it('closes a connection with a reason that the client hears', async () => {
      const { client, connectionId } = await clients.connect({ client: { autoReconnect: false } });
      const heard = new Promise<string | undefined>((done) =>
        client.on('disconnected', ({ message }) => done(message?.message)),
      );
      await service().closeConnection(connectionId, { reason: 'enough' });
      expect(await heard).toBe('enough');
      expect(await service().connectionExists(connectionId)).toBe(false);
    });

    it('closes the connections of a user, of a group, and all', async () => {
      const [group, userId] = [fresh('group'), fresh('user')];
      const quiet = { client: { autoReconnect: false } };
      const [member, user, other] = [
        await clients.connect({ groups: [group], ...quiet }),
        await clients.connect({ userId, ...quiet }),
        await clients.connect(quiet),
      ];
      const exists = ({ connectionId }: ConnectedClient) => service().connectionExists(connectionId);
      await service().group(group).closeAllConnections();
      expect([await exists(member), await exists(user)]).toEqual([false, true]);
      await service().closeUserConnections(userId);
      expect([await exists(user), await exists(other)]).toEqual([false, true]);
      await service().closeAllConnections();
      expect(await exists(other)).toBe(false);
    });
  });
}
