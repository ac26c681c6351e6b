/**
 * The names that code, configuration and infrastructure share, said once.
 * `local/config/`, `infra/` and `local.settings.sample.json` are checked against this file.
 */

export const hub = 'chat';

/** System events that the hub's event handler subscribes to. */
export const systemEvents = ['connect', 'connected', 'disconnected'] as const;

/** User events that the hub's event handler subscribes to: ours, and `message` for plain WebSocket text. */
export const userEvents = ['join', 'leave', 'list_rooms', 'message'] as const;

/** The route of the webhook, below the `/api` prefix. */
export const webhookRoute = 'webpubsub/events';

export const topic = 'backend-messages';
export const subscription = 'backend-subscription';
export const rejectedQueue = 'backend-rejected';
export const erasuresQueue = 'erasures';

export const tableNames = {
  rooms: 'rooms',
  directory: 'directory',
  memberships: 'memberships',
  connections: 'connections',
  intents: 'intents',
  guests: 'guests',
  users: 'users',
  emails: 'emails',
  sessions: 'sessions',
  keys: 'keys',
  limits: 'limits',
  blocks: 'blocks',
  invitations: 'invitations',
  counters: 'counters',
} as const;

/** The Web PubSub group that carries one room's messages. Nobody but the functions may send to it. */
export const roomGroup = (roomId: string): string => `room-${roomId}`;

/** The Web PubSub group of connections that show the list of rooms. */
export const directoryGroup = 'directory';

/** General exists from the first start; its constant id keeps two starting instances from making two. */
export const general = {
  id: '00000000-0000-7000-8000-000000000001',
  name: 'General',
  description: 'Everybody is welcome here',
} as const;

/** Who owns what nobody made. Can never equal a user: user ids are UUIDs. */
export const systemUser = 'system';

/** App settings that our own code reads. Each also names its local value in `local.settings.sample.json`. */
export const connections = {
  storage: 'AzureWebJobsStorage',
  serviceBus: 'ServiceBusConnection',
  webPubSub: 'WebPubSubConnectionString',
} as const;

/**
 * App settings that a deployment sets for the Functions host and the SDKs, and our code does not read: how the host
 * gets its own storage and the trigger its namespace with the app's identity, which identity `DefaultAzureCredential`
 * takes, and where telemetry goes. Together with the names of `functions/platform/settings.ts` these are all.
 */
export const hostSettings = [
  'AzureWebJobsStorage__accountName',
  'AzureWebJobsStorage__credential',
  'AzureWebJobsStorage__clientId',
  'ServiceBusConnection__credential',
  'ServiceBusConnection__clientId',
  'AZURE_CLIENT_ID',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
] as const;
