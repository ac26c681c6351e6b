/** The Web PubSub output binding: actions on a hub, done in order by the official SDK once the function has succeeded. */
import type { WebPubSubServiceClient } from '@azure/web-pubsub';
import type { Output } from '../invocations.ts';
import { outputValue } from '../output-value.ts';
import type { TypedData } from '../worker/typed-data.ts';
import { dataOf } from './answer.ts';
import type { WebPubSubConnections } from './connections.ts';

interface Action {
  actionName?: string;
  data?: unknown;
  dataType?: string;
  connectionId?: string;
  userId?: string;
  group?: string;
  excluded?: string[];
  filter?: string;
  reason?: string;
  permission?: string;
  targetName?: string;
}

type Permission = 'joinLeaveGroup' | 'sendToGroup';
type Does = (client: WebPubSubServiceClient, action: Action) => Promise<void>;

/** By their names in lower case. */
const actions: Record<string, Does> = {
  sendtoall: (client, action) => client.sendToAll(...message(action)),
  sendtoconnection: (client, action) =>
    client.sendToConnection(need(action, 'connectionId'), ...message(action)),
  sendtouser: (client, action) => client.sendToUser(need(action, 'userId'), ...message(action)),
  sendtogroup: (client, action) => groupOf(client, action).sendToAll(...message(action)),
  addusertogroup: (client, action) => groupOf(client, action).addUser(need(action, 'userId')),
  removeuserfromgroup: (client, action) => groupOf(client, action).removeUser(need(action, 'userId')),
  removeuserfromallgroups: (client, action) => client.removeUserFromAllGroups(need(action, 'userId')),
  addconnectiontogroup: (client, action) =>
    groupOf(client, action).addConnection(need(action, 'connectionId')),
  removeconnectionfromgroup: (client, action) =>
    groupOf(client, action).removeConnection(need(action, 'connectionId')),
  closeallconnections: (client, action) => client.closeAllConnections(closing(action)),
  closeclientconnection: (client, action) =>
    client.closeConnection(need(action, 'connectionId'), closing(action)),
  closegroupconnections: (client, action) => groupOf(client, action).closeAllConnections(closing(action)),
  grantpermission: (client, action) =>
    client.grantPermission(need(action, 'connectionId'), permission(action), target(action)),
  revokepermission: (client, action) =>
    client.revokePermission(need(action, 'connectionId'), permission(action), target(action)),
};

export function webPubSubOutput(connections: WebPubSubConnections): Output {
  return async (bindings, response) => {
    for (const [name, binding] of Object.entries(bindings)) {
      if (binding.direction !== 'out' || binding.type.toLowerCase() !== 'webpubsub') continue;
      const wanted = actionsOf(outputValue(name, response));
      for (const action of wanted) {
        const does = actions[action.actionName?.toLowerCase() ?? ''];
        if (!does)
          throw new Error(`Web PubSub has no action '${action.actionName ?? ''}' (output '${name}').`);
        // One after another, as they stand.
        // oxlint-disable-next-line no-await-in-loop
        await does(await connections.client(binding['connection'], connections.hub(binding['hub'])), action);
      }
    }
  };
}

function actionsOf(value: TypedData | undefined): Action[] {
  const text = value?.json ?? value?.string;
  if (text === undefined) return [];
  const given = JSON.parse(text) as Action | Action[] | null;
  return [given ?? []].flat();
}

function need(action: Action, field: 'connectionId' | 'userId' | 'group' | 'permission'): string {
  const value = action[field];
  if (typeof value !== 'string' || value === '')
    throw new Error(`The action ${action.actionName} needs ${field}.`);
  return value;
}

const groupOf = (
  client: WebPubSubServiceClient,
  action: Action,
): ReturnType<WebPubSubServiceClient['group']> => client.group(need(action, 'group'));

/** Content and options, for each of the SDK's ways to send. */
function message(action: Action): [string, { contentType: 'text/plain' }] {
  const { data, dataType = 'text', excluded, filter } = action;
  const options = { ...(excluded && { excludedConnections: excluded }), ...(filter && { filter }) };
  const content = dataOf(data);
  const sent = ((): [unknown, object] => {
    switch (dataType.toLowerCase()) {
      case 'text':
        return [String(content), { ...options, contentType: 'text/plain' }];
      case 'json':
        // The SDK writes the JSON itself.
        return [JSON.parse(String(content)), options];
      case 'binary':
        if (typeof content === 'string') throw new Error('dataType binary needs a Buffer as data.');
        return [content, options];
      default:
        throw new Error(`'${dataType}' is no dataType; give text, json or binary.`);
    }
  })();
  // Its three overloads differ in the type of the content only.
  return sent as [string, { contentType: 'text/plain' }];
}

const closing = ({ reason, excluded }: Action): object => ({
  ...(reason && { reason }),
  ...(excluded && { excludedConnections: excluded, excluded }),
});

function permission(action: Action): Permission {
  const given = need(action, 'permission').toLowerCase();
  if (given === 'joinleavegroup') return 'joinLeaveGroup';
  if (given === 'sendtogroup') return 'sendToGroup';
  throw new Error(`'${action.permission}' is no permission; give sendToGroup or joinLeaveGroup.`);
}

const target = ({ targetName }: Action): object => (targetName ? { targetName } : {});
