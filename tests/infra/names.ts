/** Where templates and code name the same things: each rule answers a sentence for each that only one side has. */
import { readFileSync } from 'node:fs';
import {
  type connections,
  hub,
  hostSettings,
  rejectedQueue,
  erasuresQueue,
  subscription,
  systemEvents,
  tableNames,
  topic,
  userEvents,
  webhookRoute,
} from '../../contract/names.ts';
import { settingNames } from '../../functions/platform/settings.ts';
import { at, literal, literals, readBicep, type Resource, type Value } from './bicep.ts';
import type { Templates } from './rules.ts';

type Finder = (templates: Templates) => string[];

const parsed = (templates: Templates, name: string) =>
  readBicep(templates[`infra/modules/${name}.bicep`] ?? '');
const resourcesOf = (templates: Templates, name: string, type: string): Resource[] =>
  parsed(templates, name).resources.filter((resource) => resource.type === type);
const variable = (templates: Templates, module: string, name: string): Value | undefined =>
  parsed(templates, module).variables.find((each) => each.name === name)?.value;

/** Both directions: `theirs` is what the template says. */
function compare(what: string, theirs: readonly unknown[], ours: readonly unknown[]): string[] {
  return [
    ...theirs
      .filter((name) => !ours.includes(name))
      .map((name) => `${what}: the code has no ${String(name)}`),
    ...ours
      .filter((name) => !theirs.includes(name))
      .map((name) => `${what}: the template lacks ${String(name)}`),
  ];
}

const settings: Finder = (templates) => {
  const [config] = resourcesOf(templates, 'functions', 'Microsoft.Web/sites/config');
  const emitted = at(config?.body, 'properties');
  const names = emitted?.kind === 'object' ? [...emitted.entries.keys()] : [];
  return [
    ...compare('app settings', names, [...settingNames, ...hostSettings]),
    // Flex Consumption refuses both.
    ...names
      .filter((name) => name.includes(':') || name === 'FUNCTIONS_WORKER_RUNTIME')
      .map((name) => `app settings: ${name} is refused by Flex Consumption`),
  ];
};

const entities: Finder = (templates) => {
  const named = (kind: string): unknown[] =>
    resourcesOf(templates, 'service-bus', `Microsoft.ServiceBus/namespaces/${kind}`).map(({ body }) =>
      literal(at(body, 'name')),
    );
  const [first] = resourcesOf(templates, 'service-bus', 'Microsoft.ServiceBus/namespaces/topics');
  const detects = literal(at(first?.body, 'properties', 'requiresDuplicateDetection'));
  return [
    ...compare('topics', named('topics'), [topic]),
    ...compare('subscriptions', named('topics/subscriptions'), [subscription]),
    ...compare('queues', named('queues'), [rejectedQueue, erasuresQueue]),
    ...(detects === true ? [] : ['topics: repeated ids are not dropped']),
  ];
};

type Properties = Record<string, unknown>;
interface Entity {
  Name: string;
  Properties: Properties;
  Subscriptions?: Entity[];
}

/** The local stack's file has the same properties, in the emulator's capitals. */
const entityProperties: Finder = (templates) => {
  const { UserConfig } = JSON.parse(readFileSync('local/config/service-bus.json', 'utf8')) as {
    UserConfig: { Namespaces: [{ Queues: Entity[]; Topics: Entity[] }] };
  };
  const [{ Queues, Topics }] = UserConfig.Namespaces;
  const here = [...Queues, ...Topics, ...Topics.flatMap(({ Subscriptions = [] }) => Subscriptions)];
  const there = parsed(templates, 'service-bus').resources.map(({ body }) => body);
  return here.flatMap(({ Name, Properties }) => {
    const properties = at(
      there.find((body) => literal(at(body, 'name')) === Name),
      'properties',
    );
    const entries = properties?.kind === 'object' ? [...properties.entries] : [];
    const asThere = entries.map(
      ([key, value]) => `${key[0]?.toUpperCase()}${key.slice(1)}: ${literal(value)}`,
    );
    const asHere = Object.entries(Properties).map(([key, value]) => `${key}: ${String(value)}`);
    return compare(`properties of ${Name}`, asThere, asHere);
  });
};

const tables: Finder = (templates) =>
  compare('tables', literals(variable(templates, 'storage', 'tableNames')), Object.values(tableNames));

const eventHandler: Finder = (templates) => {
  const [resource] = resourcesOf(templates, 'web-pubsub-hub', 'Microsoft.SignalRService/webPubSub/hubs');
  const handlers = at(resource?.body, 'properties', 'eventHandlers');
  const handler = handlers?.kind === 'array' ? handlers.items[0] : undefined;
  const pattern = String(literal(at(handler, 'userEventPattern')) ?? '');
  const address = at(handler, 'urlTemplate')?.text ?? '';
  return [
    ...compare('hubs', [literal(at(resource?.body, 'name'))], [hub]),
    ...compare('system events', literals(at(handler, 'systemEvents')), systemEvents),
    ...compare('user events', pattern.split(','), userEvents),
    ...(address.includes(`/api/${webhookRoute}?code=`) ? [] : ['webhook: its address is another']),
  ];
};

/** Roles by which the app comes in, by the connection that needs them. */
const needed: Record<keyof typeof connections, [module: string, roles: string[]]> = {
  // Storage Blob Data Owner (the host), Storage Table Data Contributor.
  storage: ['storage', ['b7e6dc6d-f1e8-4753-8033-0f276bb0955b', '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3']],
  // Azure Service Bus Data Owner.
  serviceBus: ['service-bus', ['090c5cfd-751d-490a-894a-3ce6f1109419']],
  // Web PubSub Service Owner.
  webPubSub: ['web-pubsub', ['12cf5a90-567b-43ae-8102-96cf46c7d9b4']],
};

const roles: Finder = (templates) =>
  Object.entries(needed).flatMap(([service, [module, ids]]) => {
    const { variables, resources } = parsed(templates, module);
    const given = resources
      .filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments')
      .filter(({ body }) => at(body, 'properties', 'principalId')?.text === 'appPrincipalId')
      .map(({ body }) => /,\s*(\w+)\s*\)$/.exec(at(body, 'properties', 'roleDefinitionId')?.text ?? '')?.[1])
      .map((name) => literal(variables.find((each) => each.name === name)?.value));
    return compare(`roles for ${service}`, given, ids);
  });

/** `functions`: names of those that the code registers and that are not HTTP. */
export const alwaysReady =
  (functions: readonly string[]): Finder =>
  (templates) => {
    const ready = variable(templates, 'functions', 'ready');
    const names = ready?.kind === 'array' ? ready.items.map((item) => literal(at(item, 'name'))) : [];
    return compare(
      'always ready',
      names.filter((name) => !functions.map((each) => `function:${each}`).includes(String(name))),
      ['http'],
    );
  };

export const shared: Record<string, Finder> = {
  settings,
  entities,
  entityProperties,
  tables,
  eventHandler,
  roles,
};
