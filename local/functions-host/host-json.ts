/**
 * host.json: read, defaults filled in, single values overridden by app settings
 * (`AzureFunctionsJobHost__extensions__http__routePrefix`), as the real host does it.
 */
import { join } from 'node:path';
import { readJson } from './json-file.ts';
import { parseTimeSpan } from './time-span.ts';

/** Lengths of time are milliseconds. */
export interface HostJson {
  /** Undefined: a function may run for ever. */
  functionTimeout: number | undefined;
  logLevels: Record<string, string>;
  http: { routePrefix: string; customHeaders: Record<string, string> };
  serviceBus: ServiceBusOptions;
  /** What the file says and this host does not do, in sentences. */
  warnings: string[];
}

export interface ServiceBusOptions {
  autoCompleteMessages: boolean;
  maxAutoLockRenewalDuration: number;
  maxConcurrentCalls: number;
  maxMessageBatchSize: number;
  minMessageBatchSize: number;
  maxBatchWaitTime: number;
  maxConcurrentSessions: number;
  /** How long a session without messages is kept. */
  sessionIdleTimeout: number;
}

type Json = Record<string, unknown>;

const overridePrefix = 'AzureFunctionsJobHost__';
const ignored = ['retry', 'singleton', 'concurrency', 'healthMonitor', 'customHandler', 'managedDependency'];
const ignoredHttp = ['maxOutstandingRequests', 'maxConcurrentRequests', 'dynamicThrottlesEnabled', 'hsts'];
const ignoredServiceBus = [
  'prefetchCount',
  'maxConcurrentCallsPerSession',
  'transportType',
  'clientRetryOptions',
  'enableCrossEntityTransactions',
  'dynamicConcurrencyEnabled',
];

/** Reads `host.json` of the script root. Throws a sentence about the first thing that is wrong in it. */
export function readHostJson(scriptRoot: string, env: NodeJS.ProcessEnv): HostJson {
  const path = join(scriptRoot, 'host.json');
  const root = readJson(path) as Json | undefined;
  if (!root) throw new Error(`There is no host.json in ${scriptRoot}.`);
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith(overridePrefix))
      override(root, name.slice(overridePrefix.length).split('__'), value ?? '');
  }
  if (member(root, 'version') !== '2.0') throw new Error(`${path}: "version" must be "2.0".`);
  const extensions = section(root, 'extensions');
  const http = section(extensions, 'http');
  const serviceBus = section(extensions, 'serviceBus');
  return {
    functionTimeout:
      member(root, 'functionTimeout') === '-1' ? undefined : duration(root, 'functionTimeout', 30 * 60_000),
    logLevels: section(section(root, 'logging'), 'logLevel') as Record<string, string>,
    http: {
      routePrefix: text(http, 'routePrefix', 'api'),
      customHeaders: section(http, 'customHeaders') as Record<string, string>,
    },
    serviceBus: {
      autoCompleteMessages: flag(serviceBus, 'autoCompleteMessages', true),
      maxAutoLockRenewalDuration: duration(serviceBus, 'maxAutoLockRenewalDuration', 5 * 60_000),
      maxConcurrentCalls: count(serviceBus, 'maxConcurrentCalls', 16),
      maxMessageBatchSize: count(serviceBus, 'maxMessageBatchSize', 1000),
      minMessageBatchSize: count(serviceBus, 'minMessageBatchSize', 1),
      maxBatchWaitTime: duration(serviceBus, 'maxBatchWaitTime', 30_000),
      maxConcurrentSessions: count(serviceBus, 'maxConcurrentSessions', 8),
      sessionIdleTimeout: duration(serviceBus, 'sessionIdleTimeout', 60_000),
    },
    warnings: [
      ...unsupported(root, ignored, ''),
      ...unsupported(http, ignoredHttp, 'extensions.http.'),
      ...unsupported(serviceBus, ignoredServiceBus, 'extensions.serviceBus.'),
    ],
  };
}

/** Sets one value deep inside, creating what is missing on the way. */
function override(target: Json, path: string[], value: string): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  const key = keyOf(target, first);
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key];
  const next = typeof inner === 'object' && inner !== null ? (inner as Json) : {};
  target[key] = next;
  override(next, rest, value);
}

/** Names count whatever their case, as everywhere in .NET's configuration. */
function member(of: Json, name: string): unknown {
  return of[keyOf(of, name)];
}

function keyOf(of: Json, name: string): string {
  return Object.keys(of).find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
}

function section(parent: Json, name: string): Json {
  const value = member(parent, name);
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function text(from: Json, name: string, fallback: string): string {
  const value = member(from, name);
  return typeof value === 'string' ? value : fallback;
}

/** Overrides are text, the file has booleans. */
function flag(from: Json, name: string, fallback: boolean): boolean {
  const value = member(from, name);
  return value === undefined ? fallback : value === true || value === 'true';
}

function count(from: Json, name: string, fallback: number): number {
  const value = member(from, name);
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`host.json: "${name}" must be a whole number above 0.`);
  return number;
}

function duration(from: Json, name: string, fallback: number): number {
  const value = member(from, name);
  if (value === undefined) return fallback;
  const length = typeof value === 'string' ? parseTimeSpan(value) : undefined;
  if (length === undefined) throw new Error(`host.json: "${name}" must be a time like "00:05:00".`);
  return length;
}

function unsupported(from: Json, names: string[], prefix: string): string[] {
  return names
    .filter((name) => member(from, name) !== undefined)
    .map((name) => `host.json: "${prefix}${name}" has no effect in this host.`);
}
