/** What code and templates share is said once: names, settings, roles, sizes. Every rule is seen to find a break. */
import { readFileSync } from 'node:fs';
import { app } from '@azure/functions';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { sizes } from '../../infra/cost/sizes.ts';
import { at, literal, readBicep } from './bicep.ts';
import { alwaysReady, shared } from './names.ts';
import { broken, templates } from './templates.ts';

const functions: string[] = [];
beforeAll(async () => {
  for (const kind of ['timer', 'serviceBusTopic', 'serviceBusQueue'] as const) {
    vi.spyOn(app, kind).mockImplementation((name: string) => void functions.push(name));
  }
  vi.spyOn(app, 'http').mockImplementation(() => {});
  await import('../../functions/index.ts');
});

describe('code and templates agree on', () => {
  it.each(Object.entries(shared))('%s', (_what, find) => {
    expect(find(templates)).toEqual([]);
  });

  it('functions that are always ready', () => {
    expect(functions).toContain('route');
    expect(alwaysReady(functions)(templates)).toEqual([]);
    const other = broken('infra/modules/functions.bicep', "'function:route'", "'function:router'");
    expect(alwaysReady(functions)(other)).toEqual(['always ready: the code has no function:router']);
  });

  it('sizes, as the model of the cost takes them', () => {
    const given = readBicep(templates['infra/main.bicep']!).variables.find(({ name }) => name === 'sizes');
    const said = Object.fromEntries(
      Object.keys(sizes).map((size) => {
        const of = (key: string) => literal(at(given?.value, size, key));
        return [size, [of('webPubSub'), Number(of('memory')) / 1_024, of('http'), of('route'), of('page')]];
      }),
    );
    const modelled = Object.entries(sizes).map(([name, { webPubSub, instanceGb, ready, page }]) => [
      name,
      [webPubSub.sku, instanceGb, ready.http, ready.route, page ? 'Standard' : 'Free'],
    ]);
    expect(said).toEqual(Object.fromEntries(modelled));
  });
});

/** What, by which rule, in which module, what is found there and what comes in its place, and what the rule says. */
type Break = [what: string, rule: string, module: string, find: string, replace: string, finding: string];

describe('it is found', () => {
  it.each<Break>([
    [
      'a setting that nobody reads',
      'settings',
      'functions',
      "    LIMITS: 'on'",
      "    LIMITS: 'on'\n    IDLE: 'x'",
      'no IDLE',
    ],
    ['a setting that is not set', 'settings', 'functions', "    LIMITS: 'on'\n", '', 'lacks LIMITS'],
    [
      'a setting of the host that is not set',
      'settings',
      'functions',
      '    AZURE_CLIENT_ID: identityClientId\n',
      '',
      'lacks AZURE_CLIENT_ID',
    ],
    [
      'another topic',
      'entities',
      'service-bus',
      "'backend-messages'",
      "'messages'",
      'lacks backend-messages',
    ],
    ['another subscription', 'entities', 'service-bus', "'backend-subscription'", "'router'", 'no router'],
    ['a queue that is missing', 'entities', 'service-bus', "'erasures'", "'erasure'", 'lacks erasures'],
    [
      'no duplicate detection',
      'entities',
      'service-bus',
      'requiresDuplicateDetection: true',
      'requiresDuplicateDetection: false',
      'not dropped',
    ],
    [
      'a queue that is another locally',
      'entityProperties',
      'service-bus',
      "lockDuration: 'PT5M'",
      "lockDuration: 'PT4M'",
      'no LockDuration: PT4M',
    ],
    ['a table that is missing', 'tables', 'storage', "  'invitations'\n", '', 'lacks invitations'],
    ['another hub', 'eventHandler', 'web-pubsub-hub', "'chat'", "'talk'", 'lacks chat'],
    [
      'a system event that is missing',
      'eventHandler',
      'web-pubsub-hub',
      "'connected', ",
      '',
      'lacks connected',
    ],
    ['a user event that is missing', 'eventHandler', 'web-pubsub-hub', 'join,leave', 'join', 'lacks leave'],
    ['another webhook', 'eventHandler', 'web-pubsub-hub', '/api/webpubsub/events', '/api/events', 'another'],
    ['a role that is missing', 'roles', 'web-pubsub', "'12cf5a90", "'00cf5a90", 'lacks 12cf5a90'],
  ])('%s', (...[, rule, module, find, replace, finding]) => {
    expect(shared[rule]!(broken(`infra/modules/${module}.bicep`, find, replace)).join('\n')).toContain(
      finding,
    );
  });
});

describe('azd', () => {
  const { services, hooks } = parse(readFileSync('azure.yaml', 'utf8')) as {
    services: Record<string, { dist: string; remoteBuild?: boolean; hooks?: Record<string, unknown> }>;
    hooks: Record<string, unknown>;
  };

  it('finds each of its services by a tag of one resource', () => {
    const tags = Object.values(templates).flatMap((text) =>
      [...text.matchAll(/'azd-service-name': '(\w+)'/g)].map(([, name = '']) => name),
    );
    expect(tags.toSorted()).toEqual(Object.keys(services).toSorted());
  });

  it('uploads what is built here, and runs hooks that are there', () => {
    expect(services['api']).toMatchObject({ dist: 'dist/package', remoteBuild: false });
    const text = JSON.stringify([hooks, services['web']?.hooks]);
    const named = new Set([...text.matchAll(/node (infra\/hooks\/\w+\.ts)/g)].map(([, path]) => path!));
    expect([...named].toSorted()).toEqual(
      ['postdeploy', 'predeploy', 'preprovision'].map((name) => `infra/hooks/${name}.ts`),
    );
    for (const path of named) expect(readFileSync(path, 'utf8')).not.toBe('');
    expect(Object.keys(hooks)).not.toContain('predeploy');
  });

  it('sets every parameter of the template, each by a value of its environment', () => {
    const { parameters } = JSON.parse(readFileSync('infra/main.parameters.json', 'utf8')) as {
      parameters: Record<string, { value: string }>;
    };
    const declared = readBicep(templates['infra/main.bicep']!).parameters;
    expect(Object.keys(parameters).toSorted()).toEqual(declared.map(({ name }) => name).toSorted());
    for (const { name, type, hasDefault } of declared) {
      const [, byDefault] = /^\$\{[A-Z_]+(?:=(.*))?\}$/.exec(parameters[name]!.value) ?? [];
      if (!hasDefault) continue;
      // azd writes a value into the JSON of a text as it stands, and reads that of a list or an object as JSON.
      if (type === 'string') expect(byDefault ?? '', name).not.toMatch(/["[{]/);
      else expect(() => void JSON.parse(byDefault ?? ''), name).not.toThrow();
    }
  });
});

it('the rules of the linter are errors', () => {
  const { analyzers } = JSON.parse(readFileSync('bicepconfig.json', 'utf8')) as {
    analyzers: { core: { enabled: boolean; rules: Record<string, { level: string }> } };
  };
  expect(analyzers.core.enabled).toBe(true);
  const { 'use-recent-api-versions': versions, ...rules } = analyzers.core.rules;
  // It depends on the day on which it is run; versions are those that are described.
  // `what-if-short-circuiting` is left as it is, off: names of role assignments hold ids that Azure gives.
  expect(versions).toEqual({ level: 'off' });
  expect(new Set(Object.values(rules).map(({ level }) => level))).toEqual(new Set(['error']));
});
