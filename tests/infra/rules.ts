/** What must hold of every template, whatever it deploys. Each rule answers a sentence for each place that breaks it. */
import { posix } from 'node:path';
import { at, literal, readBicep, type Template } from './bicep.ts';
import { resourceTypes } from './resource-types.ts';
import { checkValue } from './types.ts';

/** Templates by path, relative to the repository. */
export type Templates = Readonly<Record<string, string>>;
type Parsed = Map<string, Template>;
type Rule = (path: string, template: Template, all: Parsed) => string[];

const syntax: Rule = (path, { errors }) => errors.map((line) => `${path}:${line}: this is no Bicep`);

const used: Rule = (path, { parameters, variables, resources, uses }) =>
  [...parameters, ...variables, ...resources.filter(({ existing }) => existing)]
    .filter(({ name }) => !uses.has(name))
    .map(({ name, line }) => `${path}:${line}: ${name} is declared and not used`);

const described: Rule = (path, { parameters, outputs }) =>
  [...parameters, ...outputs]
    .filter(({ decorators }) => !decorators.includes('description'))
    .map(({ name, line }) => `${path}:${line}: ${name} has no description`);

const secretName = /secret|password|webhookCode|signingKey|accountKey/i;

const secret: Rule = (path, { parameters, outputs, variables, resources, modules }) => {
  const secure = parameters.filter(({ decorators }) => decorators.includes('secure'));
  const told = outputs.filter(({ value }) =>
    [...secure.map(({ name }) => name), 'ConnectionString: ', 'keys()'].some((name) =>
      new RegExp(`\\b${name.replace(/\W+$/, '')}\\b(?!\\.properties)`).test(
        value.text.replace(/'[^'$]*'/g, ''),
      ),
    ),
  );
  const texts = [
    ...[...variables, ...outputs].map(({ line, value }) => ({ line, text: value.text })),
    ...[...resources, ...modules].map(({ line, body }) => ({ line, text: body.text })),
  ];
  return [
    ...parameters
      .filter(({ name, decorators }) => secretName.test(name) && !decorators.includes('secure'))
      .map(({ name, line }) => `${path}:${line}: ${name} is not @secure`),
    ...told
      .filter(({ value }) => !value.text.endsWith('.properties.ConnectionString'))
      .map(({ name, line }) => `${path}:${line}: the output ${name} tells a secret`),
    ...texts
      .filter(({ text }) => /\blist(Keys|AccountSas|Secrets|[A-Z]\w*)\s*\(/.test(text))
      .map(({ line }) => `${path}:${line}: a list function reads keys`),
  ];
};

const typed: Rule = (path, { resources }) =>
  resources.flatMap(({ type, version, existing, body, line }) => {
    const known = resourceTypes.get(`${type}@${version}`);
    if (!known) return [`${path}:${line}: ${type}@${version} is no type that is described`];
    if (existing) return [];
    return checkValue(body, known).map((what) => `${path}:${line}: ${type}: ${what}`);
  });

/** What a type has to say so that nobody comes in by a key, or without TLS 1.2. */
const locked: Record<string, [path: string[], value: unknown][]> = {
  'Microsoft.Storage/storageAccounts': [
    [['properties', 'allowSharedKeyAccess'], false],
    [['properties', 'allowBlobPublicAccess'], false],
    [['properties', 'minimumTlsVersion'], 'TLS1_2'],
  ],
  'Microsoft.ServiceBus/namespaces': [
    [['properties', 'disableLocalAuth'], true],
    [['properties', 'minimumTlsVersion'], '1.2'],
  ],
  'Microsoft.SignalRService/webPubSub': [[['properties', 'disableLocalAuth'], true]],
  'Microsoft.Insights/components': [[['properties', 'DisableLocalAuth'], true]],
  'Microsoft.Web/sites': [
    [['properties', 'httpsOnly'], true],
    [['properties', 'siteConfig', 'minTlsVersion'], '1.2'],
  ],
};

const keyless: Rule = (path, { resources }) =>
  resources.flatMap(({ type, existing, body, line }) =>
    (existing ? [] : (locked[type] ?? []))
      .filter(([where, value]) => literal(at(body, ...where)) !== value)
      .map(([where, value]) => `${path}:${line}: ${type} must say ${where.join('.')}: ${String(value)}`),
  );

const tagged: Rule = (path, { resources }) =>
  resources
    .filter(({ type, version, existing, body }) => {
      const known = resourceTypes.get(`${type}@${version}`);
      const properties = known && (known.types[known.index] as { properties: object }).properties;
      return !existing && properties && 'tags' in properties && !at(body, 'tags');
    })
    .map(({ type, line }) => `${path}:${line}: ${type} has no tags`);

const called: Rule = (path, { modules }, all) =>
  modules.flatMap(({ name, path: file, body, line }) => {
    const callee = all.get(posix.join(posix.dirname(path), file));
    if (!callee) return [`${path}:${line}: there is no ${file}`];
    const params = at(body, 'params');
    const given = new Set(params?.kind === 'object' ? params.entries.keys() : []);
    return [
      ...callee.parameters
        .filter((parameter) => !parameter.hasDefault && !given.has(parameter.name))
        .map((parameter) => `${path}:${line}: ${name} lacks ${parameter.name}`),
      ...[...given]
        .filter((key) => !callee.parameters.some((parameter) => parameter.name === key))
        .map((key) => `${path}:${line}: ${name} does not take ${key}`),
    ];
  });

const outputsUsed: Rule = (path, template, all) => {
  if (path === 'infra/main.bicep') return [];
  const main = all.get('infra/main.bicep');
  const module = main?.modules.find(({ path: file }) => posix.join('infra', file) === path);
  if (!main || !module) return [`${path}:1: nobody uses this module`];
  const text = [
    ...main.modules.map(({ body }) => body.text),
    ...[...main.outputs, ...main.variables].map(({ value }) => value.text),
  ].join('\n');
  return template.outputs
    .filter(({ name }) => !new RegExp(`\\b${module.name}!?\\.outputs\\.${name}\\b`).test(text))
    .map(({ name, line }) => `${path}:${line}: nobody reads the output ${name}`);
};

const rules: Rule[] = [syntax, used, described, secret, typed, keyless, tagged, called, outputsUsed];

/** All findings of all rules, each `path:line: sentence`. */
export function check(templates: Templates): string[] {
  const all: Parsed = new Map(Object.entries(templates).map(([path, text]) => [path, readBicep(text)]));
  return [...all].flatMap(([path, template]) => rules.flatMap((rule) => rule(path, template, all)));
}
