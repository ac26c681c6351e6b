/**
 * Everything around the functions of messages for one test file: tables behind a faulty line, Service Bus, Web PubSub.
 * Nothing of it is pretended; only the trigger is, since no host runs here: `route` takes what is on the topic.
 */
import {
  ServiceBusClient,
  type ServiceBusReceivedMessage,
  type ServiceBusReceiver,
} from '@azure/service-bus';
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import WebSocket from 'ws';
import type { Principal } from '../../../functions/identity/principal.ts';
import type { Arrival } from '../../../functions/messages/arrival.ts';
import { deliver } from '../../../functions/messages/delivery.ts';
import { newId } from '../../../functions/platform/ids.ts';
import {
  directoryGroup,
  hub,
  rejectedQueue,
  roomGroup,
  subscription,
  topic,
} from '../../../contract/names.ts';
import { startAzurite } from '../../support/azurite.ts';
import { startStack } from '../../support/stack.ts';
import { FaultyLine } from './faults.ts';

/** Somebody who listens to one group, as a client of Web PubSub. */
export interface Listener {
  frames: { type: string; [field: string]: unknown }[];
  close(): void;
}

export interface World {
  line: FaultyLine;
  bus: ServiceBusClient;
  hub: WebPubSubServiceClient;
  /** The next `count` messages of the topic, as the trigger would hand them over; waits until they have come. */
  takeArrivals(count: number): Promise<Arrival[]>;
  /** Takes the next `count` messages of the topic through the router, in batches as they come. */
  route(count: number): Promise<void>;
  /** The next `count` rejected messages; `0` for all that are there. */
  takeRejected(count: number): Promise<ServiceBusReceivedMessage[]>;
  listen(group: string): Promise<Listener>;
  /** As `kill -9` would. */
  killPart(name: 'serviceBus' | 'webPubSub'): Promise<void>;
  startPart(name: 'serviceBus' | 'webPubSub'): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const [azurite, parts] = await Promise.all([
    startAzurite(),
    startStack({
      only: ['serviceBus', 'webPubSub'],
      changes: { webPubSub: { Hubs: { [hub]: { EventHandlers: [] } } } },
    }),
  ]);
  const line = new FaultyLine(azurite.tableEndpoint);
  const { amqp, webPubSub } = parts.stack.ports;
  const busAddress = `Endpoint=sb://localhost:${amqp};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;`;
  const hubAddress = `Endpoint=http://localhost:${webPubSub};AccessKey=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH;Version=1.0;`;
  Object.assign(process.env, {
    AzureWebJobsStorage: await line.open(azurite.connectionString),
    ServiceBusConnection: busAddress,
    WebPubSubConnectionString: hubAddress,
    WEBHOOK_CODE: 'a-code-for-tests-only',
    SESSION_SIGNING_KEY: 'a-key-for-tests-only-0123456789-0123456789',
    GUESTS: 'on',
    LIMITS: 'off',
  });
  const bus = new ServiceBusClient(busAddress);
  const service = new WebPubSubServiceClient(hubAddress, hub, { allowInsecureConnection: true });
  const arrivals = bus.createReceiver(topic, subscription, { skipParsingBodyAsJson: true });
  const rejected = bus.createReceiver(rejectedQueue, { skipParsingBodyAsJson: true });
  return {
    line,
    bus,
    hub: service,
    takeArrivals: async (count) => (await take(arrivals, count)).map(toArrival),
    route: async (count) => {
      for (let left = count; left > 0;) {
        const batch = await receive(arrivals, left);
        left -= batch.length;
        if (batch.length > 0) await deliver(batch.map(toArrival));
      }
    },
    takeRejected: (count) => (count === 0 ? receive(rejected, 64) : take(rejected, count)),
    listen: (group) => listen(service, group),
    killPart: async (name) => {
      parts.stack.part(name).kill();
      await parts.stack.part(name).ended;
    },
    startPart: (name) => parts.stack.startPart(name),
    stop: async () => {
      await bus.close();
      line.close();
      await Promise.all([azurite.stop(), parts.stop()]);
    },
  };
}

/** What is there, at most so much. */
async function receive(receiver: ServiceBusReceiver, most: number): Promise<ServiceBusReceivedMessage[]> {
  const messages = await receiver.receiveMessages(most, { maxWaitTimeInMs: 500 });
  await Promise.all(messages.map((message) => receiver.completeMessage(message)));
  return messages;
}

/** Exactly so much; the test's own time limit ends a wait in vain. */
async function take(receiver: ServiceBusReceiver, count: number): Promise<ServiceBusReceivedMessage[]> {
  const messages: ServiceBusReceivedMessage[] = [];
  while (messages.length < count) messages.push(...(await receive(receiver, count - messages.length)));
  return messages;
}

/** As the host hands it to the function. */
export function toArrival(message: ServiceBusReceivedMessage): Arrival {
  return {
    body: Buffer.from(message.body as Uint8Array),
    contentType: message.contentType,
    messageId: message.messageId?.toString(),
    position: `${message.sequenceNumber?.toString()}-${message.enqueuedTimeUtc?.toISOString()}`,
    properties: (message.applicationProperties ?? {}) as Arrival['properties'],
  };
}

async function listen(service: WebPubSubServiceClient, group: string): Promise<Listener> {
  const { url } = await service.getClientAccessToken({ userId: newId(), groups: [group] });
  const socket = new WebSocket(url);
  const frames: Listener['frames'] = [];
  socket.on('message', (data: Buffer) =>
    frames.push(JSON.parse(data.toString()) as Listener['frames'][number]),
  );
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));
  return { frames, close: () => socket.close() };
}

export const listenToRoom = (world: World, roomId: string): Promise<Listener> =>
  world.listen(roomGroup(roomId));
export const listenToDirectory = (world: World): Promise<Listener> => world.listen(directoryGroup);

let people = 0;

/** Somebody new. */
export const person = (): Principal => ({
  user_id: newId(),
  name: `Person ${(people += 1)}`,
  kind: 'guest',
});
