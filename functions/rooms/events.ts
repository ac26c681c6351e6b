/** `list_rooms`, as it comes over an open connection: subscribes to changes of the list, then answers a page. */
import { clientEvents } from '../../contract/events.ts';
import { directoryGroup } from '../../contract/names.ts';
import { check } from '../platform/http.ts';
import type { ClientEvent } from '../realtime/cloud-event.ts';
import { addToGroup } from '../realtime/push.ts';
import { listRooms } from './directory.ts';

export async function onListRooms({ connectionId, data }: ClientEvent): Promise<object> {
  const { limit, cursor } = check(clientEvents.list_rooms, data);
  // First the group: a change that comes between would be missed otherwise.
  await addToGroup(connectionId, directoryGroup);
  const page = await listRooms('', cursor, limit);
  return { type: 'rooms_list', rooms: page.rooms, ...(page.cursor !== undefined && { next: page.cursor }) };
}
