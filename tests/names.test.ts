/** Names are said once, in contract/names.ts; the files that the local services read say the same. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as names from '../contract/names.ts';

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const serviceBus = read('local/config/service-bus.json').UserConfig.Namespaces[0];
const handler = read('local/config/web-pubsub.json').WebPubSub.Hubs[names.hub].EventHandlers[0];
const settings = read('local.settings.sample.json');

describe('the configuration of the local stack', () => {
  test('has the queues that the functions use', () => {
    const queues = serviceBus.Queues.map((queue: { Name: string }) => queue.Name);
    expect(queues.toSorted()).toEqual([names.rejectedQueue, names.erasuresQueue].toSorted());
  });

  test('has the topic with duplicate detection, and its subscription without sessions, with dead letters', () => {
    expect(serviceBus.Topics).toHaveLength(1);
    const [topic] = serviceBus.Topics;
    expect(topic.Name).toBe(names.topic);
    expect(topic.Properties.RequiresDuplicateDetection).toBe(true);
    expect(topic.Subscriptions).toHaveLength(1);
    expect(topic.Subscriptions[0].Name).toBe(names.subscription);
    expect(topic.Subscriptions[0].Properties.RequiresSession).toBe(false);
    expect(topic.Subscriptions[0].Properties.DeadLetteringOnMessageExpiration).toBe(true);
  });

  test('sends the events that the webhook takes, to where it is, with its code', () => {
    expect(handler.SystemEvents).toEqual([...names.systemEvents]);
    expect(handler.EventPattern.split(',')).toEqual([...names.userEvents]);
    const code = settings.Values.WEBHOOK_CODE;
    expect(handler.UrlTemplate).toBe(
      `http://localhost:${settings.Host.LocalHttpPort}/api/${names.webhookRoute}?code=${code}`,
    );
  });

  test('has the settings that lead to the services', () => {
    for (const setting of Object.values(names.connections)) expect(settings.Values).toHaveProperty(setting);
  });
});
