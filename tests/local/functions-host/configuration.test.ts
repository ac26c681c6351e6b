/** host.json, local.settings.json and the command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  appEnvironment,
  connectionString,
  readLocalSettings,
  resolveNames,
} from '../../../local/functions-host/app-settings.ts';
import { readHostJson, type HostJson } from '../../../local/functions-host/host-json.ts';
import { levelOf } from '../../../local/functions-host/log.ts';
import { readOptions } from '../../../local/functions-host/options.ts';

const folder = mkdtempSync(join(tmpdir(), 'functions-host-configuration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function hostJson(content: object, env: Record<string, string> = {}): HostJson {
  writeFileSync(join(folder, 'host.json'), JSON.stringify(content));
  return readHostJson(folder, env);
}

describe('host.json', () => {
  it('has the defaults of the real host', () => {
    expect(hostJson({ version: '2.0' })).toEqual({
      functionTimeout: 1_800_000,
      logLevels: {},
      http: { routePrefix: 'api', customHeaders: {} },
      serviceBus: {
        autoCompleteMessages: true,
        maxAutoLockRenewalDuration: 300_000,
        maxConcurrentCalls: 16,
        maxMessageBatchSize: 1000,
        minMessageBatchSize: 1,
        maxBatchWaitTime: 30_000,
        maxConcurrentSessions: 8,
        sessionIdleTimeout: 60_000,
      },
      warnings: [],
    });
  });

  it('says what it holds', () => {
    const read = hostJson({
      version: '2.0',
      functionTimeout: '-1',
      extensions: {
        http: { routePrefix: '' },
        serviceBus: { maxMessageBatchSize: 64, autoCompleteMessages: false, maxBatchWaitTime: '00:00:05' },
      },
    });
    expect(read).toMatchObject({
      functionTimeout: undefined,
      http: { routePrefix: '' },
      serviceBus: { maxMessageBatchSize: 64, autoCompleteMessages: false, maxBatchWaitTime: 5_000 },
    });
  });

  it('yields to app settings', () => {
    const read = hostJson(
      { version: '2.0', extensions: { serviceBus: { maxConcurrentCalls: 8 } } },
      {
        AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls: '1',
        AzureFunctionsJobHost__Extensions__Http__routePrefix: 'v1',
        AzureFunctionsJobHost__functionTimeout: '00:00:10',
      },
    );
    expect(read).toMatchObject({
      functionTimeout: 10_000,
      http: { routePrefix: 'v1' },
      serviceBus: { maxConcurrentCalls: 1 },
    });
  });

  it('is told what has no effect here', () => {
    const { warnings } = hostJson({
      version: '2.0',
      singleton: {},
      extensions: { serviceBus: { prefetchCount: 5 }, http: { maxOutstandingRequests: 3 } },
    });
    expect(warnings).toEqual([
      'host.json: "singleton" has no effect in this host.',
      'host.json: "extensions.http.maxOutstandingRequests" has no effect in this host.',
      'host.json: "extensions.serviceBus.prefetchCount" has no effect in this host.',
    ]);
  });

  it.each([
    [{ version: '1.0' }, '"version" must be "2.0"'],
    [{ version: '2.0', functionTimeout: 'soon' }, '"functionTimeout" must be a time'],
    [
      { version: '2.0', extensions: { serviceBus: { maxMessageBatchSize: 0 } } },
      '"maxMessageBatchSize" must be a whole number above 0',
    ],
  ])('cannot be %j', (content, reason) => {
    expect(() => hostJson(content)).toThrow(reason);
  });

  it('must be there, and JSON', () => {
    expect(() => readHostJson(join(folder, 'nowhere'), {})).toThrow('There is no host.json in');
    writeFileSync(join(folder, 'host.json'), '{');
    expect(() => readHostJson(folder, {})).toThrow('host.json is not JSON');
  });
});

describe('local.settings.json', () => {
  it('adds to the environment and never overrules it', () => {
    const path = join(folder, 'settings.json');
    writeFileSync(
      path,
      JSON.stringify({ Values: { A: 'file', B: 'file', C: 1 }, ConnectionStrings: { Db: 'x' } }),
    );
    const settings = readLocalSettings(path);
    expect(settings.warnings).toHaveLength(1);
    const env = appEnvironment(settings, { B: 'env' }, { host: 'localhost', port: 7071, scriptRoot: '/app' });
    expect(env).toMatchObject({ A: 'file', B: 'env', WEBSITE_HOSTNAME: 'localhost:7071' });
    expect(env).not.toHaveProperty('C');
    expect(connectionString('Db', env)).toBe('x');
  });

  it('cannot be encrypted', () => {
    const path = join(folder, 'encrypted.json');
    writeFileSync(path, '{"IsEncrypted":true}');
    expect(() => readLocalSettings(path)).toThrow(/encrypted/);
  });

  it('gives bindings the values of the names between percent signs', () => {
    expect(resolveNames('a-%X%-%Y%', { X: '1', Y: '2' })).toBe('a-1-2');
    expect(() => resolveNames('%Z%', {})).toThrow("'%Z%' does not resolve to a value.");
  });
});

it('the level of a log category is that of the longest name that it begins with', () => {
  const levels = {
    default: 'Warning',
    Function: 'Error',
    'Function.chatty': 'Debug',
    'Host.Results': 'None',
  };
  expect(levelOf('Function.chatty.User', levels)).toBe('debug');
  expect(levelOf('Function.other', levels)).toBe('error');
  expect(levelOf('Functional', levels)).toBe('warning');
  expect(levelOf('Host.Results', levels)).toBe('none');
  expect(levelOf('Host.Startup', {})).toBe('information');
});

describe('the command line', () => {
  it('has defaults', () => {
    expect(readOptions(['--script-root', 'x'])).toMatchObject({
      scriptRoot: 'x',
      host: '127.0.0.1',
      port: undefined,
      enableAuth: false,
      watch: false,
      httpConcurrency: 64,
    });
  });

  it.each([
    [['--script-root', 'x', '--port', 'many'], '--port must be a whole number'],
    [['--script-root', 'x', '--http-concurrency', '0'], '--http-concurrency must be a whole number'],
    [['--script-root', 'x', '--colour'], '--colour'],
    [[], '--script-root is missing'],
  ])('refuses %j', (args, reason) => {
    expect(() => readOptions(args)).toThrow(reason);
  });
});
