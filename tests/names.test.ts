/** Names are said once, in contract/names.ts; the files that the local services read say the same. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as names from '../contract/names.ts';
import { settingNames } from '../functions/platform/settings.ts';

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

describe('app settings', () => {
  test('are read by our code, or by host and SDKs, and never by both', () => {
    const all = [...settingNames, ...names.hostSettings];
    expect(new Set(all).size).toBe(all.length);
  });

  test('of the host belong to connections that we have, to the identity, or to telemetry', () => {
    const known = [
      ...Object.values(names.connections).map((name) => `${name}__`),
      'AZURE_',
      'APPLICATIONINSIGHTS_',
    ];
    for (const setting of names.hostSettings)
      expect(
        known.some((prefix) => setting.startsWith(prefix)),
        setting,
      ).toBe(true);
  });

  test('of this machine are known, too', () => {
    // The host asks for the runtime's name locally; Flex Consumption refuses it.
    const known = [...settingNames, ...Object.values(names.connections), 'FUNCTIONS_WORKER_RUNTIME'];
    expect(known).toEqual(expect.arrayContaining(Object.keys(settings.Values)));
  });

  test('hold no colon, which Flex Consumption refuses', () => {
    for (const setting of [...settingNames, ...names.hostSettings]) expect(setting).toMatch(/^\w+$/);
  });
});
