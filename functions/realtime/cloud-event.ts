/** Web PubSub's events as they come over HTTP: CloudEvents 1.0 in binary mode. Pure. */

/** What an event handler of ours gets. */
export interface ClientEvent {
  userId: string;
  connectionId: string;
  data: unknown;
}

export interface CloudEvent {
  /** With the connection it names the event: one that is sent again keeps it. '' where it is not said. */
  id: string;
  kind: 'system' | 'user';
  name: string;
  hub: string;
  connectionId: string;
  userId: string;
}

interface Headers {
  get(name: string): string | null;
}

/** The event that the headers describe; undefined where they describe none. */
export function readCloudEvent(headers: Headers): CloudEvent | undefined {
  const type = /^azure\.webpubsub\.(sys|user)\.(.+)$/.exec(headers.get('ce-type') ?? '');
  const connectionId = headers.get('ce-connectionid') ?? '';
  const userId = headers.get('ce-userid') ?? '';
  const hub = headers.get('ce-hub') ?? '';
  if (!type || connectionId === '' || hub === '' || !isId(connectionId) || !isId(userId)) return undefined;
  return {
    id: headers.get('ce-id') ?? '',
    kind: type[1] === 'sys' ? 'system' : 'user',
    name: headers.get('ce-eventname') ?? type[2]!,
    hub,
    connectionId,
    userId,
  };
}

/** Table keys hold 512 characters, of which each may need two, and no controls. */
const isId = (text: string): boolean => text.length <= 200 && !/\p{Cc}/u.test(text);
